// What a reader may try at one press: the experiments, and for numbers another marker or other numbers.
import { button } from "../kit/controls.js";
import { html, setAttributes, setText } from "../kit/dom.js";
import { assign } from "../kit/model.js";
import { EXPERIMENTS } from "./experiments.js";
import { drawNumbers, toggleMarker } from "./specimens.js";

const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

// `steps()` gives the steps that are shown, `now()` the chosen one; `rewrite(text)` takes a new text.
export function trials({ model, label, kind, steps, now, rewrite }) {
  const experiments = Object.entries(EXPERIMENTS[kind]).map(([name, experiment]) => {
    const onPress = () => {
      const found = experiment(steps(), now());
      if (!found) return;
      if (same(found.clamps, model.get("clamps"))) assign(model, { clamps: [] });
      else assign(model, { clamps: found.clamps, time: found.t });
    };
    const { input } = button({ label: label(`experiment_${name}`), onPress });
    input.dataset.experiment = name;
    return { experiment, input };
  });
  const drawing = button({ label: label("draw"), onPress: () => rewrite(drawNumbers(Math.max(2, steps().length))) });
  const marking = button({
    label: "",
    onPress: () => rewrite(toggleMarker(model.get("text"), steps()[now() - 1])),
  });
  const element = html(
    "div",
    { class: "sb-bar sb-experiments", role: "group", "aria-label": label("experiments") },
    ...experiments.map(({ input }) => input),
    ...(kind === "numbers" ? [marking.input, drawing.input] : []),
  );

  function show() {
    for (const { experiment, input } of experiments) {
      const found = experiment(steps(), now());
      const held = Boolean(found) && same(found.clamps, model.get("clamps"));
      setAttributes(input, { disabled: !found, "aria-pressed": String(held) });
    }
    setText(marking.input, label(steps()[now() - 1].marker ? "unmark" : "mark"));
  }
  return { element, show };
}
