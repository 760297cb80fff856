// Draws how gradients shrink or grow on their way back through time, and recomputes them as the reader turns the knobs.
import { html } from "../kit/dom.js";
import { knobs } from "../kit/knobs.js";
import { math } from "../kit/math.js";
import { assign } from "../kit/model.js";
import { widget } from "../kit/widget.js";
import { spoken } from "../kit/words.js";
import { clipping } from "./clipping.js";
import { describe } from "./describe.js";
import { createFlow } from "./flow.js";
import { LABELS } from "./labels.js";
import { chosenFrom, chosenTo, pairOf } from "./pair.js";
import { plots } from "./plots.js";
import { settingControls } from "./settings.js";
import { valuesTable } from "./values-table.js";

function build({ model, label, draw: redraw }) {
  const get = (trait) => model.get(trait);
  const flow = createFlow(get("draws"));
  const settings = settingControls({ model, label });
  const pictures = plots({
    label,
    onStep: (k) => assign(model, chosenFrom(pairOf(get), k)),
    onPair: ([k, t]) => assign(model, { step_from: k, step_to: t }),
    onPlace: ([layer, k]) => assign(model, { layer, ...chosenFrom(pairOf(get), k) }),
  });
  const pair = pairPanel({ model, label });
  const clip = clipping({ model, label });
  const table = valuesTable({ label, onOpen: redraw });
  const content = html(
    "div", { class: "sb-stack" }, ...settings.elements, pictures.element, pair.element, clip.element, table.element,
  );

  function draw() {
    const shown = flow(get);
    const T = get("steps");
    settings.show(shown);
    pictures.draw(shown, T, pairOf(get));
    pair.show(shown);
    clip.draw(shown.found.gradient);
    table.draw(shown, T);
  }

  function measure() {
    pictures.measure();
    clip.measure();
  }
  return { content, draw, sized: [...pictures.sized, clip.element], measure };
}

// The layer and the two steps that the words speak of, and the words.
function pairPanel({ model, label }) {
  const get = (trait) => model.get(trait);
  const knob = knobs(model, label);
  const layer = knob.slider("layer", { label: math(label("layer"), true) });
  const from = knob.slider("step_from", {
    label: math(label("step_from"), true), onInput: (k) => assign(model, chosenFrom(pairOf(get), k)),
  });
  const to = knob.slider("step_to", {
    label: math(label("step_to"), true), onInput: (t) => assign(model, chosenTo(pairOf(get), t)),
  });
  const hint = spoken(html("p", { class: "sb-quiet" }));
  const words = spoken(html("div", { class: "sb-words", "aria-live": "polite" }), (...texts) =>
    texts.map((text) => html("p", {}, math(text))));
  const element = html(
    "div",
    { class: "sb-stack sb-near" },
    hint.element,
    html("div", { class: "sb-grid sb-pair" }, layer.element, from.element, to.element),
    words.element,
  );

  function show(flow) {
    const [k, t] = pairOf(get);
    const T = get("steps");
    hint.say(label(flow.depth > 1 ? "hintOfLayers" : "hint"));
    layer.element.hidden = flow.depth === 1;
    layer.input.max = flow.depth;
    layer.show(flow.layer);
    for (const { input } of [from, to]) input.max = T;
    from.show(k);
    to.show(t);
    words.say(...describe({ ...flow, k, t, T, loss: get("loss") }, label));
  }
  return { element, show };
}

export default widget({ name: "gradient_flow", labels: LABELS, rebuildOn: ["draws"], build });
