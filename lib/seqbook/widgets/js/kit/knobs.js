// Controls of the model's knobs, with the limits that Python declares and the label of the trait's name. Each is marked
// `data-trait`, and `data-entry` where it sets one entry of many; what is given besides replaces what the knob says.
import { checkbox, numberField, select, slider } from "./controls.js";
import { assign } from "./model.js";

const range = ({ min, max }) => Array.from({ length: max - min + 1 }, (_, n) => min + n);

export function knobs(model, label) {
  const limits = model.get("limits");
  const set = (trait) => (value) => assign(model, { [trait]: value });
  const marked = (control, trait, entry) => {
    Object.assign(control.input.dataset, entry === undefined ? { trait } : { trait, entry });
    return control;
  };
  return {
    slider(trait, { entry, ...rest } = {}) {
      const { min, max, step } = limits[trait];
      const own = { label: rest.label ?? label(trait), min, max, step, format: String, onInput: set(trait) };
      return marked(slider({ ...own, ...rest }), trait, entry);
    },
    field(trait, { entry, ...rest }) {
      const { min, max, step } = limits[trait];
      return marked(numberField({ min, max, step, onInput: set(trait), ...rest }), trait, entry);
    },
    // Options are labelled trait_option; a whole number may be chosen too.
    select(trait) {
      const values = limits[trait].options ?? range(limits[trait]);
      const options = values.map((value) => [value, label(`${trait}_${value}`)]);
      const onInput = (text) => set(trait)(values.find((value) => String(value) === text));
      return marked(select({ label: label(trait), options, onInput }), trait);
    },
    checkbox: (trait, rest) => marked(checkbox({ label: label(trait), onInput: set(trait), ...rest }), trait),
    marked,
  };
}
