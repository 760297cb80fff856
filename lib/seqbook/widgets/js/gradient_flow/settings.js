// The controls of what is computed: model, matrix, inputs, loss; and what they mean, in words.
import { button, excusable } from "../kit/controls.js";
import { html } from "../kit/dom.js";
import { fixed } from "../kit/format.js";
import { knobs } from "../kit/knobs.js";
import { math } from "../kit/math.js";
import { assign } from "../kit/model.js";
import { spoken } from "../kit/words.js";
import { describeStack, describeWeights } from "./describe.js";
import { MODELS, TRANSFORMER } from "./models.js";
import { resized, restacked } from "./pair.js";

export function settingControls({ model, label }) {
  const get = (trait) => model.get(trait);
  const knob = knobs(model, label);
  const controls = {
    model: knob.select("model"),
    compare: knob.checkbox("compare"),
    depth: knob.slider("depth", { onInput: (depth) => assign(model, restacked(get, depth)) }),
    skips: knob.checkbox("skips"),
    norm_place: knob.select("norm_place"),
    radius: knob.slider("radius", { format: (value) => fixed(value) }),
    forget_bias: excusable(knob.slider("forget_bias", { format: (value) => fixed(value, 1) })),
    steps: knob.slider("steps", { onInput: (T) => assign(model, resized(get, T)) }),
    input_scale: knob.slider("input_scale", { format: (value) => fixed(value) }),
    activation: excusable(knob.select("activation")),
    weights: knob.select("weights"),
    loss: knob.select("loss"),
  };
  const count = get("limits").seed.max + 1;
  const seed = button({ label: "", onPress: () => assign(model, { seed: (get("seed") + 1) % count }) });
  knob.marked(seed, "seed");
  const spectrum = spoken(html("p", { class: "sb-quiet" }));
  const stacked = spoken(html("p", { class: "sb-quiet" }), (text) => [math(text, true)]);
  const state = spoken(html("p", { class: "sb-quiet" }));
  const { model: which, compare, depth, skips, norm_place: norm, ...rest } = controls;
  const above = [which, compare, depth, skips, norm].map(({ element }) => element);
  const elements = [
    html("div", { class: "sb-bar" }, ...above),
    html("div", { class: "sb-grid" }, ...Object.values(rest).map(({ element }) => element), seed.element),
    spectrum.element,
    stacked.element,
    state.element,
  ];

  function show(flow) {
    const { name, shown, s } = flow;
    const ofBlocks = name === TRANSFORMER;
    const reason = (key) => label(ofBlocks ? `${key}_transformer` : key);
    for (const [trait, control] of Object.entries(controls)) control.show(get(trait));
    controls.activation.excuse(shown.includes("rnn") ? null : reason("fixed_activation"));
    controls.forget_bias.excuse(shown.some((each) => MODELS[each]?.forgets) ? null : reason("no_gate"));
    seed.show(label("seed", { number: get("seed") + 1, count }));
    state.element.hidden = s === "h";
    state.say(reason("state"));
    compare.element.hidden = ofBlocks;
    norm.element.hidden = !ofBlocks;
    skips.element.hidden = stacked.element.hidden = flow.depth === 1 && !ofBlocks;
    spectrum.say(describeWeights(flow, get("radius"), label));
    stacked.say(describeStack(flow, label));
  }
  return { elements, show };
}
