// The weights of all steps as a map: rows are what is written, columns what is read.
import { html, setAttributes, svg } from "../kit/dom.js";
import { grid } from "./layout.js";

// `onCell(t, i)` is called, from 1, when a cell is pressed.
export function mapView({ onCell }) {
  const [cells, names] = [svg("g"), svg("g")];
  const now = svg("rect", { class: "sb-cursor" });
  const drawing = svg("svg", { role: "img", class: "sb-map" }, cells, names, now);
  const element = html("div", {}, drawing);
  cells.addEventListener("click", ({ target: { dataset: { step, source } } }) => {
    if (step) onCell(Number(step), Number(source));
  });

  function draw({ source, target, weights, t, i, width, name }) {
    const { left, top, right, column, row, slanted } = grid(source, target, width);
    const [w, h] = [left + column * source.length + right, top + row * target.length + 2];
    setAttributes(drawing, { width: w, height: h, viewBox: `0 0 ${w} ${h}`, "aria-label": name });
    const place = (step, from) => ({ x: left + from * column, y: top + step * row });
    cells.replaceChildren(...weights.flatMap((each, step) =>
      Array.from(each, (weight, from) => svg("rect", {
        ...place(step, from), width: column - 1, height: row - 1, "data-step": step + 1, "data-source": from + 1,
        "fill-opacity": Math.max(0.03, weight).toFixed(3), class: "sb-weight",
      }))));
    const head = (sign, from) => {
      const x = left + (from + 0.5) * column;
      const kind = `${slanted ? "" : "sb-middle"} ${from === i - 1 ? "sb-picked" : ""}`.trim();
      const transform = slanted ? `rotate(-40 ${x} ${top - 6})` : null;
      return svg("text", { x, y: top - 6, transform, class: kind }, sign);
    };
    names.replaceChildren(
      ...source.map(head),
      ...target.map((sign, step) =>
        svg("text", {
          x: left - 6, y: top + (step + 0.5) * row + 5, class: `sb-end ${step === t - 1 ? "sb-now" : ""}`.trim(),
        }, sign)),
    );
    setAttributes(now, { x: left - 1, y: top + (t - 1) * row - 1, width: column * source.length + 1, height: row + 1 });
  }
  return { element, draw };
}
