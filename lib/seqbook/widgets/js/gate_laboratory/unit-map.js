// All units of the layer at one step, in the reader's order: a cell each, coloured by the chosen number.
import { fitCanvas } from "../kit/canvas.js";
import { html, setAttributes } from "../kit/dom.js";
import { colourOf } from "./quantities.js";

const GAP = 2;

// The grid for `count` cells in `width`: cells of 18 to 30 pixels, rows as equal as can be.
export function grid(count, width) {
  const most = Math.max(1, Math.floor(width / 20));
  const rows = Math.ceil(count / most);
  const columns = Math.ceil(count / rows);
  return { columns, rows, size: Math.min(30, Math.floor(width / columns)) };
}

export function unitMap({ label, onUnit }) {
  const canvas = html("canvas", { role: "img", "aria-label": label });
  let scene = null;
  canvas.addEventListener("click", (event) => {
    if (!scene) return;
    const { columns, size } = grid(scene.order.length, scene.width);
    const box = canvas.getBoundingClientRect();
    const [column, row] = [event.clientX - box.left, event.clientY - box.top].map((at) => Math.floor(at / size));
    const unit = scene.order[row * columns + column];
    if (column < columns && unit !== undefined) onUnit(unit);
  });

  // `order` lists the units, `values[unit]` their numbers.
  function draw(next) {
    scene = next;
    const { order, values, unit, width, quantity, colours, name } = scene;
    const { columns, rows, size } = grid(order.length, width);
    const pen = fitCanvas(canvas, columns * size, rows * size);
    setAttributes(canvas, { "aria-label": name });
    order.forEach((each, n) => {
      const [x, y] = [(n % columns) * size, Math.floor(n / columns) * size];
      pen.fillStyle = colours.raised;
      pen.fillRect(x, y, size - GAP, size - GAP);
      pen.fillStyle = colourOf(quantity, values ? values[each] : 0, 2);
      pen.fillRect(x, y, size - GAP, size - GAP);
      if (each === unit) {
        Object.assign(pen, { strokeStyle: colours.accent, lineWidth: 3 });
        pen.strokeRect(x + 1, y + 1, size - GAP - 2, size - GAP - 2);
      }
    });
  }
  return { element: canvas, draw };
}
