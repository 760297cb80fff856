// The vectors of the tokens as rows of colours.
import { html, setAttributes, setText, whenChanged } from "../kit/dom.js";
import { fixed } from "../kit/format.js";
import { colourCells } from "../kit/heatmap.js";

export function tokens({ label }) {
  const canvas = html("canvas", { role: "img" });
  const names = html("div", { class: "sb-names", "aria-hidden": "true" });
  const note = html("p", { class: "sb-quiet" });
  const element = html("div", {}, html("div", { class: "sb-vectors" }, names, canvas), note);
  const head = whenChanged((T, first, query) => {
    names.replaceChildren(...Array.from({ length: T }, (_, t) => {
      const at = t + 1 - first;
      return html("span", { class: at === query ? "sb-now" : null }, at ? String(at) : label("tokenShort"));
    }));
  });

  function draw({ tokens: vectors, T, E, first, query, stage }) {
    head(T, first, query);
    const most = Math.max(1e-12, ...[...vectors].map(Math.abs));
    const said = label("vectors", { T, E, stage: label(`stage_${stage}`) });
    setAttributes(canvas, { width: E, height: T, "aria-label": said });
    canvas.parentElement.style.setProperty("--tokens", T);
    const context = canvas.getContext("2d");
    const image = context.createImageData(E, T);
    colourCells(vectors, (value) => value / most, image.data);
    context.putImageData(image, 0, 0);
    setText(note, label("vectorsNote", { T, E, most: fixed(most) }));
  }
  return { element, draw };
}
