// The steps around the chosen one, from left to right: the unit's cell state as a line, its other numbers as stripes.
import { fitCanvas } from "../kit/canvas.js";
import { html, setAttributes } from "../kit/dom.js";
import { fixed } from "../kit/format.js";
import { clamp, linear } from "../kit/scale.js";
import { shown } from "./coloured-text.js";
import { colourOf, SYMBOLS } from "./quantities.js";

const LEFT = 34;
const RIGHT = 10;
const LINE = [8, 112]; // top and bottom of the cell state's chart
const LABELS = 20; // height of the steps' own row, under the chart
const STRIPE = 18;
const STRIPES = ["f", "i", "g", "o", "h"];
export const HEIGHT = LINE[1] + LABELS + STRIPES.length * STRIPE + 4;

// The steps to show: `count` of `T` such that t is among them, with the window moved as little as can be.
export function windowAround(t, T, count, first) {
  const margin = Math.min(4, Math.floor((count - 1) / 2));
  const moved = clamp(first, t + margin - count + 1, t - margin);
  return clamp(moved, 1, Math.max(1, T - count + 1));
}

export function tape({ label, onStep }) {
  const canvas = html("canvas");
  const element = html("div", { class: "sb-tape", role: "img", "aria-label": label }, canvas);
  let place = null;
  let first = 1;
  let pressed = false;
  const point = (event) => {
    if (!place) return;
    const step = Math.floor((event.clientX - canvas.getBoundingClientRect().left - LEFT) / place.column) + place.first;
    onStep(clamp(step, place.first, place.last));
  };
  canvas.addEventListener("pointerdown", (event) => {
    pressed = true;
    point(event);
  });
  canvas.addEventListener("pointermove", (event) => pressed && event.buttons && point(event));
  canvas.addEventListener("pointerup", () => (pressed = false));

  // `free` and `held` are the runs' steps without and with clamps; equal where there are none.
  function draw({ steps, t, unit, width, wide, free, held, reach, colours, isHeld, name }) {
    const count = Math.max(1, Math.min(steps.length, Math.floor((width - LEFT - RIGHT) / wide)));
    const column = Math.min(Math.max(48, wide), (width - LEFT - RIGHT) / count);
    first = windowAround(t, steps.length, count, first);
    const last = first + count - 1;
    place = { first, last, column };
    setAttributes(element, { "aria-label": name });
    const pen = fitCanvas(canvas, width, HEIGHT);
    const x = (step) => LEFT + (step - first) * column;
    const up = linear([-reach, reach], [LINE[1], LINE[0]]);
    Object.assign(pen, { textBaseline: "middle", direction: "ltr", lineJoin: "round" });
    const write = (text, across, down, align, colour, font) => {
      Object.assign(pen, { textAlign: align, fillStyle: colour, font });
      pen.fillText(text, across, down);
    };
    const small = "11px system-ui, sans-serif";
    const letter = "italic 15px 'STIX Two Text', Cambria, Georgia, serif";
    const right = x(last + 1);

    pen.fillStyle = colours.raised;
    pen.fillRect(x(t), LINE[0] - 6, column, HEIGHT - LINE[0] + 6);
    for (const value of [-reach, 0, reach]) {
      pen.strokeStyle = value ? colours.line : colours.edge;
      pen.beginPath();
      pen.moveTo(LEFT, up(value));
      pen.lineTo(right, up(value));
      pen.stroke();
      write(
        fixed(value, reach < 10 ? 1 : 0).replace(/\.0$/, ""),
        LEFT - 5,
        up(value) + (value > 0 ? 3 : value < 0 ? -3 : 0),
        "right",
        colours.soft,
        small,
      );
    }
    write(SYMBOLS.c, 3, (LINE[0] + LINE[1]) / 2, "left", colours.ink, letter);

    const line = (computed, colour, thick, dash) => {
      pen.beginPath();
      for (let step = first; step <= Math.min(last, computed.length); step += 1) {
        const [across, down] = [x(step) + column / 2, up(clamp(computed[step - 1].c[unit], -reach, reach))];
        if (step === first) pen.moveTo(across, down);
        else pen.lineTo(across, down);
      }
      Object.assign(pen, { strokeStyle: colour, lineWidth: thick });
      pen.setLineDash(dash);
      pen.stroke();
      pen.setLineDash([]);
      pen.lineWidth = 1;
    };
    if (held !== free) line(free, colours.soft, 1.75, [5, 4]);
    line(held, held === free ? colours.ink : colours.accent, 2.25, []);
    const dot = held[t - 1];
    if (dot) {
      pen.beginPath();
      pen.arc(x(t) + column / 2, up(clamp(dot.c[unit], -reach, reach)), 4.5, 0, 2 * Math.PI);
      pen.fillStyle = held === free ? colours.ink : colours.accent;
      pen.fill();
    }

    const room = wide > 20 ? small : "13px ui-monospace, SFMono-Regular, Menlo, Consolas, monospace";
    for (let step = first; step <= last; step += 1) {
      const { label: text } = steps[step - 1];
      write(
        shown(text),
        x(step) + column / 2,
        LINE[1] + LABELS / 2 + 2,
        "center",
        step === t ? colours.accent : colours.ink,
        step === t ? `bold ${room}` : room,
      );
    }
    STRIPES.forEach((quantity, row) => {
      const y = LINE[1] + LABELS + row * STRIPE + 2;
      write(SYMBOLS[quantity], 3, y + STRIPE / 2, "left", colours.ink, letter);
      pen.strokeStyle = colours.line;
      pen.strokeRect(LEFT, y + 0.5, right - LEFT, STRIPE - 4);
      for (let step = first; step <= Math.min(last, held.length); step += 1) {
        pen.fillStyle = colourOf(quantity, held[step - 1][quantity][unit], reach);
        pen.fillRect(x(step), y + 1, column + 0.5, STRIPE - 5);
        if (isHeld(quantity, step)) {
          pen.strokeStyle = colours.accent;
          pen.lineWidth = 2;
          pen.strokeRect(x(step) + 1, y + 1.5, column - 2, STRIPE - 6);
          pen.lineWidth = 1;
        }
      }
    });
    pen.strokeStyle = colours.accent;
    pen.strokeRect(x(t), LINE[0] - 6, column, HEIGHT - LINE[0] + 4);
  }
  return { element, draw };
}
