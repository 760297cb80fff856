// What the reader sets besides the two positions; what has no effect on a kind says so.
import { excusable } from "../kit/controls.js";
import { html } from "../kit/dom.js";
import { knobs } from "../kit/knobs.js";
import { place } from "./explain.js";

export function settingsBoard({ model, label }) {
  const knob = knobs(model, label);
  const controls = {
    kind: knob.select("kind"),
    vectors: excusable(knob.select("vectors")),
    pairing: knob.select("pairing"),
    shift: knob.slider("shift", { format: (by) => (by ? `+${by}` : "0") }),
    stretch: knob.slider("stretch", { format: (by) => `×${place(by)}` }),
    pairs: excusable(knob.slider("pairs", { format: (pairs) => String(2 * pairs) })),
    base: excusable(knob.slider("base", {
      toPosition: Math.log10, toValue: (power) => Number((10 ** power).toPrecision(3)), step: 0.05,
      format: (base) => base.toLocaleString("en", { maximumFractionDigits: 0 }),
    })),
  };
  const extrapolate = knob.checkbox("extrapolate");
  const main = html("div", { class: "sb-grid" },
    ...["kind", "shift", "stretch"].map((name) => controls[name].element), extrapolate.element);
  const more = html("div", { class: "sb-grid" },
    ...["pairs", "base", "pairing", "vectors"].map((name) => controls[name].element));

  function show(kind) {
    for (const [name, control] of Object.entries({ ...controls, extrapolate })) control.show(model.get(name));
    for (const name of ["pairs", "base"]) controls[name].excuse(kind === "learned" ? label(`fixed_${name}`) : null);
    controls.vectors.excuse(kind === "rotary" ? null : label("noVectors"));
  }
  return { main, more, show };
}
