// A square matrix as colours: a canvas with one pixel per cell, scaled up, under an SVG with axes and a cursor.
import { diverging } from "./colours.js";
import { html, setAttributes, svg, whenChanged } from "./dom.js";
import { svgMath } from "./math.js";
import { clamp, stepTicks } from "./scale.js";

const MARGIN = { left: 34, right: 8, top: 8, bottom: 34 };

// From a place on the drawing to the 1-based [row, column] under it, or null outside the matrix.
export function cellAt(x, y, side, size) {
  const [column, row] = [x - MARGIN.left, y - MARGIN.top].map((place) => Math.floor((place / side) * size) + 1);
  return row >= 1 && row <= size && column >= 1 && column <= size ? [row, column] : null;
}

const NOTHING = [128, 136, 150, 46]; // a veil of grey over cells that have no value

// The RGBA bytes of a row-major matrix; `shade(value)` is in [-1, 1]; NaN marks cells that have no value.
export function colourCells(matrix, shade, bytes) {
  for (let i = 0; i < matrix.length; i += 1) {
    bytes.set(Number.isNaN(matrix[i]) ? NOTHING : diverging(shade(matrix[i])), 4 * i);
  }
  return bytes;
}

// `labels` = { rows, columns, upper }: the axes, and what to write over the upper triangle.
// onCell([row, column]) is called as the pointer moves over the cells or presses one.
export function heatmap({ labels, onCell }) {
  const canvas = html("canvas", { "aria-hidden": "true" });
  const axes = svg("g");
  const cursor = svg("rect", { class: "sb-cursor" });
  const guide = svg("path", { class: "sb-guide" });
  const drawing = svg("svg", { role: "img" }, axes, guide, cursor);
  const element = html("div", { class: "sb-heatmap" }, canvas, drawing);
  let side = 0;
  let count = 0;
  const point = (event) => {
    const box = drawing.getBoundingClientRect();
    const cell = cellAt(event.clientX - box.left, event.clientY - box.top, side, count);
    if (cell) onCell(cell);
  };
  drawing.addEventListener("pointermove", point);
  drawing.addEventListener("pointerdown", point);

  const layout = whenChanged((width, size) => {
    side = Math.max(80, width - MARGIN.left - MARGIN.right);
    count = size;
    const [w, h] = [side + MARGIN.left + MARGIN.right, side + MARGIN.top + MARGIN.bottom];
    setAttributes(drawing, { width: w, height: h, viewBox: `0 0 ${w} ${h}` });
    Object.assign(canvas.style, {
      left: `${MARGIN.left}px`, top: `${MARGIN.top}px`, width: `${side}px`, height: `${side}px`,
    });
    setAttributes(canvas, { width: size, height: size });
    const middle = (step) => ((step - 0.5) / size) * side;
    axes.replaceChildren(
      svg("rect", { class: "sb-frame", x: MARGIN.left, y: MARGIN.top, width: side, height: side }),
      ...stepTicks(size).flatMap((step) => [
        svg("text", { x: MARGIN.left + middle(step), y: MARGIN.top + side + 14, class: "sb-tick sb-middle" },
          String(step)),
        svg("text", { x: MARGIN.left - 5, y: MARGIN.top + middle(step) + 4, class: "sb-tick sb-end" }, String(step)),
      ]),
      svgMath({ x: MARGIN.left + side / 2, y: MARGIN.top + side + 30, class: "sb-axis sb-middle" },
        labels.columns, true),
      svgMath({ x: 7, y: MARGIN.top + side / 2 + 16, class: "sb-axis sb-middle" }, labels.rows, true),
      svgMath({ x: MARGIN.left + side - 8, y: MARGIN.top + 20, class: "sb-axis sb-end" }, labels.upper, true),
    );
  });

  // `matrix` is row-major (size, size); the cursor stands on the 1-based cell [row, column].
  function draw({ matrix, size, width, shade, cell: [row, column], name }) {
    layout(width, size);
    drawing.setAttribute("aria-label", name);
    const context = canvas.getContext("2d");
    const image = context.createImageData(size, size);
    colourCells(matrix, shade, image.data);
    context.putImageData(image, 0, 0);
    const cellSide = side / size;
    const [x, y] = [MARGIN.left + (column - 1) * cellSide, MARGIN.top + (row - 1) * cellSide];
    const grow = Math.max(0, 7 - cellSide) / 2; // small cells get a cursor one can see
    setAttributes(cursor, { x: x - grow, y: y - grow, width: cellSide + 2 * grow, height: cellSide + 2 * grow });
    const [cx, cy] = [x + cellSide / 2, y + cellSide / 2];
    guide.setAttribute("d",
      `M${MARGIN.left} ${cy}H${clamp(x - grow, MARGIN.left, cx)}M${cx} ${y + cellSide + grow}V${MARGIN.top + side}`);
  }
  return { element, draw };
}
