// A matrix as colours: a canvas with one pixel per cell, scaled up, under an SVG with axes and a cursor.
import { diverging } from "./colours.js";
import { html, setAttributes, svg, whenChanged } from "./dom.js";
import { svgMath } from "./math.js";
import { clamp, stepTicks } from "./scale.js";

const MARGIN = { left: 34, right: 8, top: 8, bottom: 34 };

// From a place on the drawing to the 1-based [row, column] under it, or null outside the matrix. `sides` are the
// matrix's height and width on the screen, `counts` its rows and columns.
export function cellAt(x, y, sides, counts) {
  const [row, column] = [y - MARGIN.top, x - MARGIN.left]
    .map((place, n) => Math.floor((place / sides[n]) * counts[n]) + 1);
  return row >= 1 && row <= counts[0] && column >= 1 && column <= counts[1] ? [row, column] : null;
}

// The cell that a key leads to from [row, column], or null for a key that leads nowhere.
export function cellByKey(key, [row, column], [rows, columns]) {
  const cells = {
    ArrowLeft: [row, column - 1], ArrowRight: [row, column + 1], ArrowUp: [row - 1, column],
    ArrowDown: [row + 1, column], Home: [row, 1], End: [row, columns], PageUp: [1, column], PageDown: [rows, column],
  };
  return cells[key] ? [clamp(cells[key][0], 1, rows), clamp(cells[key][1], 1, columns)] : null;
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
// onCell([row, column]) is called as the pointer moves over the cells or presses one; with `keys` also by the arrow
// keys, and `draw` is told what the cell says.
export function heatmap({ labels, onCell, keys = false }) {
  const canvas = html("canvas", { "aria-hidden": "true" });
  const axes = svg("g");
  const cursor = svg("rect", { class: "sb-cursor" });
  const guide = svg("path", { class: "sb-guide" });
  const drawing = svg("svg", keys ? { role: "slider", tabindex: 0 } : { role: "img" }, axes, guide, cursor);
  const element = html("div", { class: "sb-heatmap" }, canvas, drawing);
  let sides = [0, 0];
  let counts = [0, 0];
  let chosen = [1, 1];
  const point = (event) => {
    const box = drawing.getBoundingClientRect();
    const cell = cellAt(event.clientX - box.left, event.clientY - box.top, sides, counts);
    if (cell) onCell(cell);
  };
  drawing.addEventListener("pointermove", point);
  drawing.addEventListener("pointerdown", point);
  if (keys) {
    drawing.addEventListener("keydown", (event) => {
      const cell = cellByKey(event.key, chosen, counts);
      if (!cell) return;
      event.preventDefault();
      onCell(cell);
    });
  }

  const layout = whenChanged((width, height, rows, columns) => {
    const across = Math.max(80, width - MARGIN.left - MARGIN.right);
    const down = height ?? across;
    sides = [down, across];
    counts = [rows.length, columns];
    const [w, h] = [across + MARGIN.left + MARGIN.right, down + MARGIN.top + MARGIN.bottom];
    setAttributes(drawing, { width: w, height: h, viewBox: `0 0 ${w} ${h}` });
    Object.assign(canvas.style, {
      left: `${MARGIN.left}px`, top: `${MARGIN.top}px`, width: `${across}px`, height: `${down}px`,
    });
    setAttributes(canvas, { width: columns, height: rows.length });
    const middle = (number, n) => ((number - 0.5) / counts[n]) * sides[n];
    axes.replaceChildren(
      svg("rect", { class: "sb-frame", x: MARGIN.left, y: MARGIN.top, width: across, height: down }),
      ...stepTicks(columns).map((column) =>
        svg("text", { x: MARGIN.left + middle(column, 1), y: MARGIN.top + down + 14, class: "sb-tick sb-middle" },
          String(column))),
      ...stepTicks(rows.length).map((row) =>
        svg("text", { x: MARGIN.left - 5, y: MARGIN.top + middle(row, 0) + 4, class: "sb-tick sb-end" },
          String(rows[row - 1]))),
      svgMath({ x: MARGIN.left + across / 2, y: MARGIN.top + down + 30, class: "sb-axis sb-middle" },
        labels.columns, true),
      svgMath({ x: 7, y: MARGIN.top + down / 2 + 16, class: "sb-axis sb-middle" },
        labels.rows, true),
      svgMath({ x: MARGIN.left + across - 8, y: MARGIN.top + 20, class: "sb-axis sb-end" }, labels.upper, true),
    );
  });

  // `matrix` is row-major; `rows` are the numbers that its rows go by; without a `height` it is as tall as it is wide.
  // The cursor stands on the 1-based cell [row, column]. `name` says what is shown, `says` (with `keys`) what the cell
  // holds.
  function draw({ matrix, rows, columns, width, height, shade, cell, name, says }) {
    layout(width, height, rows, columns);
    chosen = cell;
    const [row, column] = cell;
    setAttributes(drawing, { "aria-label": name });
    if (keys) {
      setAttributes(drawing, {
        "aria-valuemin": 1, "aria-valuemax": columns, "aria-valuenow": column, "aria-valuetext": says,
      });
    }
    const context = canvas.getContext("2d");
    const image = context.createImageData(columns, rows.length);
    colourCells(matrix, shade, image.data);
    context.putImageData(image, 0, 0);
    const [tall, wide] = sides.map((side, n) => side / counts[n]);
    const [x, y] = [MARGIN.left + (column - 1) * wide, MARGIN.top + (row - 1) * tall];
    const [growX, growY] = [wide, tall].map((length) => Math.max(0, 7 - length) / 2); // small ones get one that is seen
    setAttributes(cursor, { x: x - growX, y: y - growY, width: wide + 2 * growX, height: tall + 2 * growY });
    const [cx, cy] = [x + wide / 2, y + tall / 2];
    guide.setAttribute("d",
      `M${MARGIN.left} ${cy}H${clamp(x - growX, MARGIN.left, cx)}M${cx} ${y + tall + growY}V${MARGIN.top + sides[0]}`);
  }
  return { element, draw };
}
