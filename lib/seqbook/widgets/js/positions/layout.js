// Places in the pictures: no DOM.
import { clamp } from "../kit/scale.js";

export const LEFT = 36;
const RIGHT = 14;
export const TRACKS = [13, 39]; // the lines on which the first and the second position are dragged
export const HEATMAP = { top: 58, height: 132 };
export const PICTURE = HEATMAP.top + HEATMAP.height + 36; // its height
export const CHART = { top: 8, bottom: 150, height: 186 };
export const CLOCK = { side: 50, middle: 25, radius: 20 };

// Positions 0 … last share the width: `at` gives a position's middle, `under` the position at a place.
export function line(last, width) {
  const across = Math.max(80, width - LEFT - RIGHT);
  const cell = across / (last + 1);
  return {
    across, cell, right: LEFT + across,
    at: (p) => LEFT + (p + 0.5) * cell,
    under: (x) => clamp(Math.floor((x - LEFT) / cell), 0, last),
  };
}

// Of the two tracks, the one that is nearer to a height: 0 or 1.
export const trackAt = (y) => Number(y > (TRACKS[0] + TRACKS[1]) / 2);

// Round numbers low ≤ … ≤ high, about `count` of them, 0 among them where it lies there.
export function roundTicks(low, high, count = 5) {
  const raw = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((each) => each >= raw);
  const ticks = [];
  for (let n = Math.ceil(low / step - 1e-9); n * step <= high + 1e-9 * step; n += 1) ticks.push(n * step || 0);
  return ticks;
}

// Positions to label: 0, round ones, and the last.
export function positionTicks(last, across) {
  const ticks = roundTicks(0, last, Math.max(2, Math.floor(across / 55))).filter((p) => Number.isInteger(p));
  const gap = (p) => ((last - p) / (last + 1)) * across;
  return [...ticks.filter((p) => p === last || gap(p) > 26), ...(ticks.includes(last) ? [] : [last])];
}

// The values' range, 0 in it, with a little room; NaN is no value.
export function rangeOf(...lists) {
  let [low, high] = [0, 0];
  for (const list of lists) for (const value of list) {
    if (value < low) low = value;
    else if (value > high) high = value;
  }
  const room = (high - low || 1) * 0.06;
  return [low - (low < 0 ? room : 0), high + room];
}

// A path through the values that there are, one piece for each run of them.
export function brokenPath(values, across, up) {
  let path = "";
  values.forEach((value, n) => {
    if (Number.isNaN(value)) return;
    const begins = n === 0 || Number.isNaN(values[n - 1]);
    path += `${begins ? "M" : "L"}${across(n).toFixed(1)} ${up(value).toFixed(1)}`;
  });
  return path;
}

// The area between two lists where they have values (in one run).
export function bandPath(least, most, across, up) {
  const there = Array.from(least, (_, n) => n).filter((n) => !Number.isNaN(least[n]));
  if (!there.length) return "";
  const point = (values) => (n) => `${across(n).toFixed(1)} ${up(values[n]).toFixed(1)}`;
  return `M${there.map(point(most)).join("L")}L${there.reverse().map(point(least)).join("L")}Z`;
}

// Of a hand [x, y] (y upwards), its tip on the clock's face; `longest` reaches the rim.
export function tip([x, y], longest, { middle, radius } = CLOCK) {
  const scale = (radius - 2) / (longest || 1);
  return [middle + x * scale, middle - y * scale];
}

// The rim from angle `from` counter-clockwise to `to`, radians from the right; a whole turn is a circle.
export function rimPath(from, to, { middle, radius } = CLOCK) {
  const place = (angle) =>
    `${(middle + radius * Math.cos(angle)).toFixed(2)} ${(middle - radius * Math.sin(angle)).toFixed(2)}`;
  const span = Math.min(to - from, 2 * Math.PI);
  if (span > 2 * Math.PI - 1e-3) {
    return `M${place(0)}A${radius} ${radius} 0 0 0 ${place(Math.PI)}A${radius} ${radius} 0 0 0 ${place(0)}`;
  }
  return `M${place(from)}A${radius} ${radius} 0 ${Number(span > Math.PI)} 0 ${place(from + span)}`;
}

// From where to where a hand of pair i stood in training, radians from the right: a sinusoid's from 12 o'clock on,
// clockwise; a rotary key's around where it stands at the first position (`home`), to both sides.
export function seenRim(kind, turn, reach, home) {
  const far = reach * turn;
  if (kind === "sinusoidal") return [Math.PI / 2 - far, Math.PI / 2];
  const middle = Math.atan2(home[1], home[0]);
  return [middle - far, middle + far];
}
