// Every head of every layer as a small map to choose from: a row for each place.
import { ABOVE } from "../kit/colours.js";
import { html, setAttributes, setText } from "../kit/dom.js";
import { PLACES, nameOf } from "./heads-study.js";

// The RGBA bytes of weights in [0, 1], row after row: the darker, the larger.
export function shaded(rows) {
  return Uint8ClampedArray.from(rows.flatMap((row) => Array.from(row, (weight) => [...ABOVE, 255 * weight])).flat());
}

// `onPick(place, layer, head)` is called with a head that is pressed.
export function gridView({ label, layers, heads, onPick }) {
  const made = [];
  const cell = (place, layer, head) => {
    const [canvas, mark] = [html("canvas", { "aria-hidden": "true" }), html("span")];
    const input = html("button", { type: "button", class: "sb-head" }, canvas, mark);
    input.addEventListener("click", () => onPick(place, layer, head));
    made.push({ place, layer, head, canvas, mark, input });
    return input;
  };
  const numbered = (count) => Array.from({ length: count }, (_, n) => n + 1);
  const row = (place) =>
    html("div", { class: "sb-heads-row", role: "group", "aria-label": label(`place_${place}`) },
      html("p", { class: "sb-quiet" }, label(`place_${place}`)),
      html("div", { class: "sb-thumbs", style: `--columns: ${layers * heads}` },
        ...numbered(layers).flatMap((layer) => numbered(heads).map((head) => cell(place, layer, head)))));
  const element = html("div", { class: "sb-heads-grid" }, ...PLACES.map(row));

  // `weightsOf(place, layer, head)` are rows; `chosen` and `erased` are names.
  function draw({ weightsOf, chosen, erased }) {
    for (const { place, layer, head, canvas, mark, input } of made) {
      const rows = weightsOf(place, layer, head);
      setAttributes(canvas, { width: rows[0].length, height: rows.length });
      canvas.getContext("2d").putImageData(new ImageData(shaded(rows), rows[0].length, rows.length), 0, 0);
      const isOff = erased.includes(nameOf(place, layer, head));
      const holes = { place: label(`place_${place}`), layer, head };
      setText(mark, `${layer}·${head}${isOff ? " ✕" : ""}`);
      setAttributes(input, {
        class: `sb-head ${isOff ? "sb-off" : ""}`.trim(), "aria-pressed": String(nameOf(place, layer, head) === chosen),
        "aria-label": label(isOff ? "headOff" : "headOn", holes), "data-head": nameOf(place, layer, head),
      });
    }
  }
  return { element, draw };
}
