// Where the nodes and edges of the graph lie, for every state between folded (u = 0) and unfolded (u = 1).
import { LETTERS, letterOf, stepOf } from "./graph.js";

export const RADIUS = 22;
export const ROW = 74; // from one row's centres to the next
const MARGIN = 30;
const NARROWEST = 56;
const WIDEST = 118;

// The frame: `height` and `width` of the drawing, `spacing` of its columns, rows of `letters` bottom to top.
export function frame({ steps, loss }, available) {
  const letters = loss ? LETTERS : LETTERS.slice(0, 3);
  const spacing = Math.min(WIDEST, Math.max(NARROWEST, (available - 2 * MARGIN) / (steps + 0.25)));
  const needed = 2 * MARGIN + steps * spacing;
  const width = Math.max(needed, available);
  return {
    letters,
    spacing,
    width,
    left: Math.max(MARGIN, (width - steps * spacing) / 2),
    middle: Math.min(width, available) / 2,
    height: 2 * (RADIUS + 4) + ROW * (letters.length - 1),
  };
}

const mix = (from, to, u) => from + (to - from) * u;

// The centre of a node.
export function place(id, { letters, spacing, left, middle, height }, u) {
  const row = letters.indexOf(letterOf(id));
  return [mix(middle, left + stepOf(id) * spacing, u), height - RADIUS - 4 - row * ROW];
}

const MOVES = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

// The node that an arrow key leads to: left and right in time, up and down within a step; null where there is none that
// way, undefined for any other key.
export function neighbour(id, key, nodes, box) {
  if (!MOVES[key]) return undefined;
  const [across, up] = MOVES[key];
  const [x, y] = place(id, box, 1);
  const there = nodes
    .map((node) => [node, place(node, box, 1)])
    .filter(([, [u, v]]) => (across ? v === y && (u - x) * across > 0 : u === x && (y - v) * up > 0))
    .sort(([, first], [, second]) => Math.hypot(first[0] - x, first[1] - y) - Math.hypot(second[0] - x, second[1] - y));
  return there[0]?.[0] ?? null;
}

const onRim = ([x, y], degrees, radius) => {
  const angle = (degrees * Math.PI) / 180;
  return [x + radius * Math.cos(angle), y + radius * Math.sin(angle)];
};

// For each kind of recurrent edge: the rim angles at which it leaves and arrives and the pull of its two control
// points, folded and unfolded. Angles are clockwise from the right; pulls are in columns and rows.
const BENDS = {
  h: { folded: [-35, 35, [0.75, -0.35], [0.75, 0.35]], unfolded: [0, 180, [0.25, 0], [-0.25, 0]] },
  o: { folded: [0, 0, [0.75, 0], [0.75, 0]], unfolded: [35, 215, [0.15, 0.18], [-0.15, -0.18]] },
  y: { folded: [0, 0, [1.1, 0], [1.1, 0]], unfolded: [25, 205, [0.25, -0.2], [-0.1, -1.5]] },
};

// The four points of an edge's cubic curve.
export function curve({ from, to, recurrent }, box, u) {
  const [start, end] = [place(from, box, u), place(to, box, u)];
  const tip = RADIUS + 7; // room for the arrow's head
  if (!recurrent) {
    const up = start[1] > end[1] ? -90 : 90;
    const [first, last] = [onRim(start, up, RADIUS), onRim(end, -up, tip)];
    return [first, first, last, last];
  }
  const { folded, unfolded } = BENDS[letterOf(from)];
  const first = onRim(start, mix(folded[0], unfolded[0], u), RADIUS);
  // Downward turn for h, upward turn for the rest: the arrow's end slides round the node, never through it.
  const arrival = letterOf(from) === "h" ? unfolded[1] : unfolded[1] - 360;
  const last = onRim(end, mix(folded[1], arrival, u), tip);
  const pull = (index) => [0, 1].map((axis) => {
    const unit = [mix(ROW * 1.2, box.spacing, u), ROW][axis];
    return mix(folded[index][axis], unfolded[index][axis], u) * unit;
  });
  const [out, into] = [pull(2), pull(3)];
  return [first, [first[0] + out[0], first[1] + out[1]], [last[0] + into[0], last[1] + into[1]], last];
}

export function pointAt([a, b, c, d], s) {
  const r = 1 - s;
  return [0, 1].map((i) => r ** 3 * a[i] + 3 * r * r * s * b[i] + 3 * r * s * s * c[i] + s ** 3 * d[i]);
}

// From the middle of an unfolded recurrent edge to its letter: clear of the line and, on a phone too, of the nodes.
const ASIDE = { h: [0, -20], o: [9, -8], y: [9, -20] };

// The centre of the letter of an edge whose curve is `points`.
export function besideEdge({ from, recurrent }, points, u) {
  const [x, y] = pointAt(points, 0.5);
  if (!recurrent) return [x + 11, y];
  const [across, down] = ASIDE[letterOf(from)];
  return [x + mix(14, across, u), y + mix(0, down, u)];
}

export const pathOf = ([a, b, c, d]) =>
  `M${a.map(round)}C${[b, c, d].map((point) => point.map(round)).join(" ")}`;

// The arrow's head: a triangle whose base stands on the curve's end.
export function headOf(points) {
  const end = points[3];
  const before = pointAt(points, 0.96);
  const length = Math.hypot(end[0] - before[0], end[1] - before[1]) || 1;
  const [dx, dy] = [(end[0] - before[0]) / length, (end[1] - before[1]) / length];
  const corner = (along, across) => [end[0] + dx * along - dy * across, end[1] + dy * along + dx * across];
  return [corner(6, 0), corner(-2, 4), corner(-2, -4)].map((point) => point.map(round).join(",")).join(" ");
}

const round = (value) => Math.round(value * 100) / 100;
