// The six numbers a unit has at every step, by their names in code, in the order of the cell's drawing.
import { ABOVE, diverging } from "../kit/colours.js";

export const QUANTITIES = ["f", "i", "g", "o", "c", "h"];
export const HELD = ["f", "i", "g", "o"]; // what a reader can hold
export const SYMBOLS = { f: "f", i: "i", g: "C\u0303", o: "o", c: "C", h: "h" };

const isGate = (quantity) => "fio".includes(quantity);

// The smallest and largest value the colours tell apart; a cell state has no bounds, so `reach` is its largest size.
export const boundsOf = (quantity, reach) => (isGate(quantity) ? [0, 1] : quantity === "c" ? [-reach, reach] : [-1, 1]);

// A value's colour, to be laid over the page's background: open gates orange, signs blue and orange.
export function colourOf(quantity, value, reach) {
  const share = isGate(quantity) ? value : value / boundsOf(quantity, reach)[1];
  const [red, green, blue, alpha] = isGate(quantity) ? [...ABOVE, 255 * share] : diverging(share);
  return `rgb(${red} ${green} ${blue} / ${((0.72 * alpha) / 255).toFixed(3)})`;
}

// The colours from the smallest to the largest value, for a legend.
export function rampOf(quantity) {
  const [low, high] = boundsOf(quantity, 1);
  const stops = Array.from({ length: 13 }, (_, n) => colourOf(quantity, low + ((high - low) * n) / 12, 1));
  return `linear-gradient(to right, ${stops.join(", ")})`;
}

// The largest size of a unit's cell state, at least 1.
export function reachOf(unit, ...runs) {
  let reach = 1;
  for (const { steps } of runs) for (const { c } of steps) reach = Math.max(reach, Math.abs(c[unit]));
  return reach;
}
