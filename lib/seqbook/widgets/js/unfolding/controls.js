// The controls above the graph: pattern, length, fold, losses, teacher; and the sliders of the parameters below it.
import { button } from "../kit/controls.js";
import { html, setText } from "../kit/dom.js";
import { fixed } from "../kit/format.js";
import { knobs } from "../kit/knobs.js";
import { math } from "../kit/math.js";
import { assign } from "../kit/model.js";
import { PARAMETERS } from "./graph.js";

// The same parameters under the names they have in code, for each pattern.
const CODE_NAMES = {
  1: { U: "weight_ih", W: "weight_hh", V: "output.weight", b: "bias", c: "output.bias" },
  2: { U: "weight_ih", W: "weight_oh", V: "output.weight", b: "bias", c: "output.bias" },
  3: { U: "rnn.weight_ih", W: "rnn.weight_hh", V: "output.weight", b: "rnn.bias", c: "output.bias" },
};

export function graphControls({ model, label }) {
  const get = (trait) => model.get(trait);
  const knob = knobs(model, label);
  const pattern = knob.select("pattern");
  const steps = knob.slider("steps", {
    onInput: (value) => {
      const atEnd = get("time") === get("steps");
      assign(model, { steps: value, time: atEnd ? value : Math.min(get("time"), value) });
    },
  });
  steps.element.classList.add("sb-steps");
  const fold = button({ label: "", onPress: () => assign(model, { unfolded: !get("unfolded") }) });
  knob.marked(fold, "unfolded");
  const loss = knob.checkbox("loss");
  const teacher = knob.checkbox("teacher");
  const controls = [pattern, steps, fold, loss, teacher];
  const element = html("div", { class: "sb-bar" }, ...controls.map((control) => control.element));

  function show(settings) {
    pattern.show(settings.pattern);
    steps.show(settings.steps);
    fold.show(label(get("unfolded") ? "fold" : "unfold"));
    loss.show(settings.loss);
    loss.element.hidden = settings.teacher;
    teacher.show(settings.teacher);
    teacher.element.hidden = settings.pattern !== 2;
  }
  return { element, show };
}

// `attend(kind, parameter)`: the pointer ("hovered") or the keyboard ("keyed") is on a slider, or with "" left it.
export function parameterSliders({ model, label, attend }) {
  const knob = knobs(model, label);
  const sliders = PARAMETERS.map((parameter) => {
    const control = knob.slider("params", {
      entry: parameter,
      label: math(parameter, true),
      note: CODE_NAMES[1][parameter],
      format: (value) => fixed(value),
      onInput: (value) => assign(model, { params: { ...model.get("params"), [parameter]: value } }),
    });
    control.element.addEventListener("focusin", () => attend("keyed", parameter));
    control.element.addEventListener("focusout", () => attend("keyed", ""));
    control.element.addEventListener("pointerenter", () => attend("hovered", parameter));
    control.element.addEventListener("pointerleave", () => attend("hovered", ""));
    return { ...control, parameter, code: control.element.querySelector(".sb-note") };
  });
  const element = html(
    "div",
    { role: "group", "aria-label": label("parameters") },
    html("p", { class: "sb-heading" }, label("parameters")),
    html("div", { class: "sb-grid" }, ...sliders.map((slider) => slider.element)),
  );

  function show({ pattern, params }, focus) {
    for (const { parameter, show: showValue, code, element: slider } of sliders) {
      showValue(params[parameter]);
      setText(code, CODE_NAMES[pattern][parameter]);
      slider.classList.toggle("sb-lit", focus === parameter);
    }
  }
  return { element, show };
}
