// The reader's text on a canvas, each step on the colour of one of the unit's numbers. Only lines in view are drawn.
import { fitCanvas } from "../kit/canvas.js";
import { html, setAttributes } from "../kit/dom.js";
import { colourOf } from "./quantities.js";
import { layOut, stepAt } from "./text-layout.js";

const FONT = "15px ui-monospace, SFMono-Regular, Menlo, Consolas, monospace";
const LINE = 27;
const MOST_LINES = 7;

// `onStep(t)` is called with the 1-based step that the reader points at or moves to by keyboard.
export function colouredText({ label, onStep }) {
  const canvas = html("canvas", { "aria-hidden": "true" });
  const space = html("div", {}, canvas);
  const element = html(
    "div",
    { class: "sb-text", role: "slider", tabindex: 0, "aria-label": label, "aria-valuemin": 1 },
    space,
  );
  let scene = null;
  let layout = layOut([], () => false, 1);
  let unit = 9; // width of one column
  let laidOut = null;

  const rows = () => Math.max(1, layout.starts.length);
  const visible = () => Math.min(MOST_LINES, rows());

  // Widths in columns: most characters one, Korean and emoji two, words as many as they need.
  const measured = new Map();
  const context = canvas.getContext("2d");
  function columnsOf(text) {
    if (!measured.has(text)) measured.set(text, Math.max(1, Math.ceil(context.measureText(text).width / unit - 0.3)));
    return measured.get(text);
  }

  function arrange(steps, width, spaced) {
    if (laidOut?.steps === steps && laidOut.width === width) return;
    laidOut = { steps, width };
    context.font = FONT;
    unit = context.measureText("0").width || 9;
    const cells = steps.map(({ label: text }) => columnsOf(shown(text)) + (spaced ? 1 : 0));
    layout = layOut(cells, (n) => steps[n].label === "\n", Math.max(4, Math.floor(width / unit)));
  }

  function draw(next) {
    scene = next;
    arrange(scene.steps, scene.width, scene.spaced);
    space.style.height = `${rows() * LINE}px`;
    element.style.height = `${visible() * LINE}px`;
    setAttributes(element, {
      "aria-valuemax": Math.max(1, scene.steps.length),
      "aria-valuenow": scene.t,
      "aria-valuetext": scene.valueText,
    });
    paint();
  }

  function paint() {
    const { steps, t, width, valueAt, quantity, reach, colours, heldAt } = scene;
    const first = Math.floor(element.scrollTop / LINE);
    const last = Math.min(rows(), first + MOST_LINES + 1); // a line cut at each edge
    canvas.style.transform = `translateY(${first * LINE}px)`;
    const pen = fitCanvas(canvas, width, (MOST_LINES + 1) * LINE);
    Object.assign(pen, { font: FONT, textBaseline: "middle", textAlign: "center", direction: "ltr" });
    const from = layout.starts[first] ?? 0;
    const to = layout.starts[last] ?? steps.length;
    for (let n = from; n < to; n += 1) {
      const text = shown(steps[n].label);
      const columns = columnsOf(text) + (scene.spaced ? 1 : 0);
      const [x, y] = [layout.column[n] * unit, (layout.line[n] - first) * LINE];
      const w = columns * unit;
      const value = valueAt(n + 1);
      pen.fillStyle = value === undefined ? colours.raised : colourOf(quantity, value, reach);
      pen.fillRect(x, y + 2, w - (scene.spaced ? 2 : 0), LINE - 4);
      if (heldAt(n + 1)) {
        pen.fillStyle = colours.accent;
        pen.fillRect(x, y + LINE - 4, w - (scene.spaced ? 2 : 0), 2.5);
      }
      if (!steps[n].known) {
        pen.strokeStyle = colours.soft;
        pen.setLineDash([2, 2]);
        pen.strokeRect(x + 1.5, y + 3.5, w - 3, LINE - 7);
        pen.setLineDash([]);
      }
      pen.fillStyle = steps[n].label === "\n" ? colours.soft : colours.ink;
      pen.fillText(text, x + w / 2 - (scene.spaced ? 1 : 0), y + LINE / 2 + 1);
      if (n + 1 === t) {
        pen.strokeStyle = colours.accent;
        pen.lineWidth = 2.5;
        pen.strokeRect(x + 0.5, y + 2, w - 1, LINE - 4);
        pen.lineWidth = 1;
      }
    }
  }

  // Keeps the chosen step in view.
  function reveal() {
    if (!scene?.steps.length) return;
    const top = layout.line[scene.t - 1] * LINE;
    if (top < element.scrollTop) element.scrollTop = top;
    else if (top + LINE > element.scrollTop + visible() * LINE) element.scrollTop = top + LINE - visible() * LINE;
  }

  function point(event) {
    const box = space.getBoundingClientRect();
    const step = stepAt(
      layout,
      Math.floor((event.clientY - box.top) / LINE),
      Math.floor((event.clientX - box.left) / unit),
    );
    if (step !== null) onStep(step + 1);
  }
  element.addEventListener("click", point);
  element.addEventListener("scroll", () => scene && paint(), { passive: true });
  element.addEventListener("keydown", (event) => {
    if (!scene?.steps.length) return;
    const [T, n] = [scene.steps.length, scene.t - 1];
    const vertical = (lines) => stepAt(layout, layout.line[n] + lines, layout.column[n]) + 1;
    const moves = {
      ArrowLeft: () => n,
      ArrowRight: () => n + 2,
      ArrowUp: () => vertical(-1),
      ArrowDown: () => vertical(1),
      Home: () => 1,
      End: () => T,
      PageUp: () => vertical(-MOST_LINES),
      PageDown: () => vertical(MOST_LINES),
    };
    if (!moves[event.key]) return;
    event.preventDefault();
    onStep(Math.min(T, Math.max(1, moves[event.key]())));
  });
  return { element, draw, reveal };
}

// What stands for a step: white space as a sign one can see, control characters as one sign.
export function shown(text) {
  if (text === "\n") return "↵";
  if (text === "\t") return "→";
  return /^\p{Cc}$/u.test(text) ? "�" : text;
}
