// What is read above, what is written below, and between them a line for every weight.
import { html, setAttributes, svg } from "../kit/dom.js";
import { places } from "./layout.js";

const [TOP, DEEP, BOTTOM] = [24, 96, 24];
const FAINTEST = 0.04; // weights below are not drawn

// `onSource(i)` and `onTarget(t)` are called, from 1, when a sign is pressed.
export function linesView({ onSource, onTarget }) {
  const [lines, signs] = [svg("g"), svg("g")];
  const drawing = svg("svg", { role: "img", class: "sb-lines" }, lines, signs);
  const element = html("div", {}, drawing);
  signs.addEventListener("click", ({ target }) => {
    const { source, step } = target.dataset;
    if (source) onSource(Number(source));
    if (step) onTarget(Number(step));
  });

  // `source` and `target` are names; `weights` rows of T; `strengths` (S, signed, at most 1 large) are the lines of
  // step t where the gradient is shown, else null; `t` and `i` count from 1.
  function draw({ source, target, weights, strengths, t, i, width, name }) {
    const at = places(source, target, width);
    const height = TOP + DEEP + BOTTOM;
    setAttributes(drawing, { width: at.width, height, viewBox: `0 0 ${at.width} ${height}`, "aria-label": name });
    const line = (from, to, attributes) => {
      const [x, y] = [at.source[from], at.target[to]];
      const [top, bottom] = [TOP + 4, TOP + DEEP - 4];
      const bend = (top + bottom) / 2;
      return svg("path", { d: `M${x} ${top}C${x} ${bend} ${y} ${bend} ${y} ${bottom}`, ...attributes });
    };
    const faint = (weight, from, step) => {
      if (weight < FAINTEST) return [];
      return [line(from, step, { class: "sb-other", "stroke-width": (0.6 + 2.4 * weight).toFixed(2) })];
    };
    const others = weights.flatMap((row, step) =>
      step === t - 1 ? [] : Array.from(row).flatMap((weight, from) => faint(weight, from, step)));
    const now = Array.from(strengths ?? weights[t - 1]).flatMap((weight, from) => {
      const size = Math.abs(weight);
      if (size < 0.005) return [];
      const kind = strengths ? (weight < 0 ? "sb-below" : "sb-above") : "";
      const thick = (0.8 + 8 * size).toFixed(2);
      return [line(from, t - 1, { class: `sb-here ${kind}`.trim(), "stroke-width": thick, "data-from": from + 1 })];
    });
    lines.replaceChildren(...others, ...now);
    signs.replaceChildren(
      ...source.map((sign, n) =>
        svg("text", {
          x: at.source[n], y: TOP - 6, "data-source": n + 1, class: `sb-sign ${n === i - 1 ? "sb-picked" : ""}`.trim(),
        }, sign)),
      ...target.map((sign, n) =>
        svg("text", {
          x: at.target[n], y: height - 7, "data-step": n + 1,
          class: `sb-sign ${n === t - 1 ? "sb-now" : n >= t ? "sb-later" : ""}`.trim(),
        }, sign)),
    );
  }
  return { element, draw };
}
