// The line with both positions to drag, and under it every position's code as a column of colours.
import { colourCells } from "../kit/heatmap.js";
import { html, setAttributes, setText, svg, whenChanged } from "../kit/dom.js";
import { clamp } from "../kit/scale.js";
import { joined, TRAINED } from "./codes.js";
import { HEATMAP, LEFT, line, PICTURE, positionTicks, TRACKS, trackAt } from "./layout.js";

const NAMES = ["first", "second"];
const STEPS = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -10, PageUp: 10 };

// Where a key leads from position p on a line 0 … last, or null for a key that leads nowhere.
export function positionByKey(key, p, last) {
  if (key === "Home") return 0;
  if (key === "End") return last;
  return key in STEPS ? clamp(p + STEPS[key], 0, last) : null;
}

// `move(role, p)` is called as the first (role 0) or the second (1) position is dragged or stepped to p.
export function lineView({ label, move }) {
  const canvas = html("canvas", { "aria-hidden": "true" });
  const [back, marks] = [svg("g"), svg("g")];
  const handles = NAMES.map((name, role) => {
    const text = svg("text", { class: "sb-handle-text" });
    const shape = role === 0 ? svg("circle", { r: 13 }) : svg("rect", { x: -15, y: -11, width: 30, height: 22, rx: 4 });
    const attributes = { class: `sb-handle sb-${name}`, role: "slider", tabindex: 0, "data-role": name };
    const group = svg("g", attributes, shape, text);
    group.addEventListener("keydown", (event) => {
      const p = positionByKey(event.key, scene.places[role], scene.last);
      if (p === null) return;
      event.preventDefault();
      move(role, p);
    });
    const [guide, still, way] = ["guide", "still", "way"].map((kind) =>
      svg(kind === "still" ? "circle" : "line", { class: `sb-${kind} sb-${name}` }));
    marks.append(guide, way, still);
    return { group, text, guide, still, way };
  });
  const drawing = svg("svg", { role: "group" }, back, marks, ...handles.map(({ group }) => group));
  const element = html("div", { class: "sb-line" }, canvas, drawing);
  let scene = { places: [0, 0], last: 1, width: 0 };
  let held = null;
  let coloured = null;

  const point = (event) => {
    const box = drawing.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };
  drawing.addEventListener("pointerdown", (event) => {
    const [x, y] = point(event);
    if (event.button !== 0) return;
    const places = line(scene.last, scene.width);
    const distance = (role) => Math.abs(places.at(scene.places[role]) - x);
    // On the tracks the nearer track; in the colours below, the nearer position.
    held = y < HEATMAP.top ? trackAt(y) : Number(distance(1) < distance(0));
    event.preventDefault();
    drawing.setPointerCapture(event.pointerId);
    handles[held].group.focus({ preventScroll: true });
    move(held, places.under(x));
  });
  drawing.addEventListener("pointermove", (event) => {
    if (held !== null) move(held, line(scene.last, scene.width).under(point(event)[0]));
  });
  for (const ending of ["pointerup", "pointercancel", "lostpointercapture"]) {
    drawing.addEventListener(ending, () => {
      held = null;
    });
  }

  const restructure = whenChanged((last, size, width) => {
    const { across, at, cell, right } = line(last, width);
    const [middle, bottom] = [HEATMAP.top + HEATMAP.height / 2, HEATMAP.top + HEATMAP.height];
    setAttributes(drawing, { width, height: PICTURE, viewBox: `0 0 ${width} ${PICTURE}`, "aria-label": label("line") });
    Object.assign(canvas.style, {
      left: `${LEFT}px`, top: `${HEATMAP.top}px`, width: `${across}px`, height: `${HEATMAP.height}px`,
    });
    setAttributes(canvas, { width: last + 1, height: size });
    const text = (content, x, y, kind) => svg("text", { x, y, class: kind }, content);
    const edge = at(TRAINED) - cell / 2;
    back.replaceChildren(
      ...(last < TRAINED ? [] : [
        svg("rect", { class: "sb-beyond", x: edge, y: 0, width: right - edge, height: HEATMAP.top - 3 }),
        svg("line", { class: "sb-edge", x1: edge, x2: edge, y1: 0, y2: bottom }),
        text(label("beyond"), right, bottom + 31, "sb-axis sb-end"),
      ]),
      ...TRACKS.map((y) => svg("line", { class: "sb-track", x1: LEFT, x2: right, y1: y, y2: y })),
      svg("rect", { class: "sb-frame", x: LEFT, y: HEATMAP.top, width: across, height: HEATMAP.height }),
      ...positionTicks(last, across).map((p) => text(String(p), at(p), bottom + 14, "sb-tick sb-middle")),
      text("0", LEFT - 5, HEATMAP.top + 9, "sb-tick sb-end"),
      text(String(size - 1), LEFT - 5, bottom - 1, "sb-tick sb-end"),
      svg("text", { class: "sb-axis sb-middle", transform: `translate(${LEFT - 9} ${middle}) rotate(-90)` },
        label("dimension")),
      text(label("position"), LEFT, bottom + 31, "sb-axis"),
    );
  });

  function colour({ codes, pairing, last, pairs }) {
    if (coloured === codes) return;
    coloured = codes;
    const size = 2 * pairs;
    const matrix = new Float64Array(size * (last + 1)).fill(NaN);
    let most = 0;
    codes.forEach((code, p) => {
      if (!code) return;
      joined(code, pairing).forEach((value, e) => {
        matrix[e * (last + 1) + p] = value;
        most = Math.max(most, Math.abs(value));
      });
    });
    const context = canvas.getContext("2d");
    const image = context.createImageData(last + 1, size);
    colourCells(matrix, (value) => value / most, image.data);
    context.putImageData(image, 0, 0);
  }

  // `scene` is the study's, with `width` in pixels.
  function draw(next) {
    const resized = next.pairs !== scene.pairs || next.last !== scene.last;
    scene = next;
    const { last, places, before, pairs, width } = scene;
    restructure(last, 2 * pairs, width);
    if (resized) coloured = null; // a canvas of another size is empty
    colour(scene);
    const { at } = line(last, width);
    handles.forEach(({ group, text, guide, still, way }, role) => {
      const [x, from, y] = [at(places[role]), at(before[role]), TRACKS[role]];
      setAttributes(group, {
        transform: `translate(${x} ${y})`, "aria-label": label(NAMES[role]), "aria-valuemin": 0, "aria-valuemax": last,
        "aria-valuenow": places[role], "aria-valuetext": label("at", { p: places[role] }),
      });
      setText(text, String(places[role]));
      setAttributes(guide, { x1: x, x2: x, y1: y, y2: HEATMAP.top + HEATMAP.height });
      setAttributes(still, { cx: from, cy: y, r: 4, visibility: scene.moved ? null : "hidden" });
      setAttributes(way, { x1: from, x2: x, y1: y, y2: y, visibility: scene.moved ? null : "hidden" });
    });
  }
  return { element, draw };
}
