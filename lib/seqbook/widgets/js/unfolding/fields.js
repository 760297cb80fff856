// The numbers a reader types: inputs and targets under and above their steps, and the initial state.
import { html, setAttributes, whenChanged } from "../kit/dom.js";
import { knobs } from "../kit/knobs.js";
import { math } from "../kit/math.js";
import { assign } from "../kit/model.js";
import { nameOf } from "./explain.js";
import { place, RADIUS } from "./layout.js";

export function fields({ model, label }) {
  const knob = knobs(model, label);
  const row = (trait, one, all) => {
    const steps = model.get(trait).map((_, index) => index + 1);
    const made = steps.map((t) => ({
      t,
      ...knob.field(trait, {
        entry: t,
        name: label(one, { t }),
        onInput: (value) => assign(model, { [trait]: model.get(trait).map((old, i) => (i === t - 1 ? value : old)) }),
      }),
    }));
    const name = html("span", {}, math(label(all), true));
    const inputs = made.map(({ element }) => element);
    const element = html("div", { class: "sb-fields", role: "group", "aria-label": label(all) }, name, ...inputs);
    return { trait, element, name, fields: made };
  };
  const [x, y] = [row("x", "input", "inputs"), row("y", "target", "targets")];
  const initial = knob.field("state", { name: "" }); // named with the pattern: h(0) or o(0)

  const placeColumns = whenChanged((left, spacing, whole) => {
    for (const { element, name, fields: inputs } of [x, y]) {
      element.style.width = `${whole}px`;
      name.style.left = `${left}px`;
      for (const { element: input, t } of inputs) input.style.left = `${left + t * spacing}px`;
    }
  });

  // `box` is layout.js's frame, `now` the step reached, `folded` whether the graph is less than unfolded.
  function show(settings, box, now, folded) {
    placeColumns(box.left, box.spacing, box.width);
    const start = settings.pattern === 2 ? "o0" : "h0";
    setAttributes(initial.element, {
      style: `left: ${box.left}px; top: ${place(start, box, 1)[1] + RADIUS + 5}px`,
      "aria-label": label("initialField", { id: nameOf(start) }),
      hidden: folded,
    });
    initial.show(settings.state);
    setAttributes(y.element, { hidden: !settings.loss });
    for (const { trait, fields: inputs } of [x, y]) {
      for (const { element, show: showValue, t } of inputs) {
        const speaks = trait === "x" || settings.pattern !== 3 || t === settings.steps;
        setAttributes(element, { hidden: t > settings.steps || !speaks });
        showValue(settings[trait][t - 1]);
        element.classList.toggle("sb-now", t === now);
      }
    }
  }
  return { inputs: x.element, targets: y.element, initial: initial.element, show };
}
