// Pixels as SVG paths in the colour of the text, so that they are ink in either theme.
import { setAttributes, svg, whenChanged } from "../kit/dom.js";

// The path of the pixels of a square image, row by row, for which `isInk(value)` holds: a run of them is one rectangle.
export function pathOf(values, isInk) {
  const side = Math.sqrt(values.length);
  let path = "";
  for (let r = 0; r < side; r += 1) {
    for (let c = 0; c < side; c += 1) {
      if (!isInk(values[r * side + c])) continue;
      const from = c;
      while (c + 1 < side && isInk(values[r * side + c + 1])) c += 1;
      path += `M${from} ${r}h${c + 1 - from}v1h${from - c - 1}z`;
    }
  }
  return path;
}

// 8×8 grey values from 0 to 16, a path for each shade that there is.
export function greyPicture(grey) {
  const shades = [...new Set(grey)].filter((each) => each > 0);
  return svg("svg", { viewBox: "0 0 8 8", class: "sb-grey", "aria-hidden": "true", "shape-rendering": "crispEdges" },
    ...shades.map((shade) =>
      svg("path", { d: pathOf(grey, (each) => each === shade), "fill-opacity": (shade / 16).toFixed(3) })));
}

// 32×32 pixels of ink.
export function inkPicture() {
  const path = svg("path", {});
  const element = svg("svg", { viewBox: "0 0 32 32", "aria-hidden": "true", "shape-rendering": "crispEdges" }, path);
  const draw = whenChanged((rows) =>
    setAttributes(path, { d: rows ? pathOf([...rows.join("")], (each) => each === "1") : "" }));
  return { element, draw };
}
