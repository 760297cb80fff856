// What can be done to the patches, and what is said of their places. No DOM.
import { ACROSS, PLACES } from "./network.js";

export const rowAndColumn = (place) => ({ row: Math.floor(place / ACROSS) + 1, column: (place % ACROSS) + 1 });

// The patches of two places exchanged; an erased one stays erased at its new place.
export function exchanged({ order, erased }, one, other) {
  const goes = (place) => (place === one ? other : place === other ? one : place);
  return { order: order.map((_, place) => order[goes(place)]), erased: erased.map(goes).sort((a, b) => a - b) };
}

// All patches in another order; erased ones stay erased wherever they go.
export function reordered({ order, erased }, next) {
  return { order: next, erased: erased.map((place) => next.indexOf(order[place])).sort((a, b) => a - b) };
}

// A place erased, or not any more; no more than `most`.
export function toggled(erased, place, most) {
  if (erased.includes(place)) return erased.filter((each) => each !== place);
  return erased.length < most ? [...erased, place].sort((a, b) => a - b) : erased;
}

// A permutation in which chance has put every patch, `random()` in [0, 1).
export function shuffledOrder(random) {
  const order = Array.from({ length: PLACES }, (_, n) => n);
  for (let n = PLACES - 1; n > 0; n -= 1) {
    const other = Math.floor(random() * (n + 1));
    [order[n], order[other]] = [order[other], order[n]];
  }
  return order;
}

// The place that a key leads to, or null.
export function neighbour(key, place) {
  const { row, column } = rowAndColumn(place);
  const next = {
    ArrowLeft: [row, column - 1], ArrowRight: [row, column + 1], ArrowUp: [row - 1, column],
    ArrowDown: [row + 1, column], Home: [row, 1], End: [row, ACROSS],
  }[key];
  if (!next) return null;
  const [r, c] = next.map((each) => Math.min(ACROSS, Math.max(1, each)));
  return (r - 1) * ACROSS + c - 1;
}
