import { button, slider } from "../kit/controls.js";
import { html } from "../kit/dom.js";
import { assign } from "../kit/model.js";
import { widget } from "../kit/widget.js";
import { LABELS } from "./labels.js";

function build({ model, label, draw: redraw }) {
  const get = (trait) => model.get(trait);
  let chosen = null;
  const choose = (value) => {
    chosen = value;
    redraw();
  };
  const result = html("div", { "aria-live": "polite" });
  const press = () => assign(model, { guess: get("guess") === null ? chosen : null });
  const keep = button({ label: label("keep"), kind: "sb-primary", onPress: press });
  const said = (value) => (get("answers").length ? get("answers")[value] : `${value}${get("unit")}`);
  let inputs;
  let choice;
  if (get("answers").length) {
    const name = `predict-${Math.random()}`;
    inputs = get("answers").map((_, value) => html("input", { type: "radio", name, value }));
    inputs.forEach((input, value) => input.addEventListener("change", () => choose(value)));
    const rows = inputs.map((input, n) => html("label", {}, input, get("answers")[n]));
    choice = html("fieldset", { class: "sb-stack" }, html("legend", {}, get("question")), ...rows);
  } else {
    const { low: min, high: max, step } = Object.fromEntries(["low", "high", "step"].map((key) => [key, get(key)]));
    const control = slider({ label: get("question"), min, max, step, format: said, onInput: (value) => {
      control.show(value);
      choose(value);
    } });
    control.show((min + max) / 2);
    inputs = [control.input];
    choice = control.element;
  }
  const content = html("div", { class: "sb-stack" }, choice, result, html("div", {}, keep.element));
  function draw() {
    const guess = get("guess");
    for (const input of inputs) input.disabled = guess !== null;
    keep.input.disabled = guess === null && chosen === null;
    keep.show(label(guess === null ? "keep" : "again"));
    if (guess === null) result.replaceChildren();
    else {
      result.replaceChildren(
        html("p", {}, `${label("guess")}: ${said(guess)}`),
        html("p", {}, `${label("right")}: ${said(get("right"))}`),
        html("p", {}, get("why")),
      );
    }
  }
  return { content, draw };
}

export default widget({ name: "predict", labels: LABELS, build });
