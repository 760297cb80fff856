// The codes of positions, as `seqbook.widgets.positions` computes them: pure, float64. A code is [x, y] pairs; where
// there is none it is null.
import { toFloat64 } from "../kit/arrays.js";

export const TRAINED = 64; // positions of the trained model
export const LAST = 255; // where the line ends beyond them
const FULL = 2 * Math.PI;

// `specimen` = { rows, drawn }: the learned rows (64, 32), and a query and a key (2, 64).
export function unpacked({ rows, drawn }) {
  const cut = (array) => {
    const [values, size] = [toFloat64(array), array.shape[1]];
    return Array.from({ length: array.shape[0] }, (_, n) => [...values.subarray(n * size, (n + 1) * size)]);
  };
  return { rows: cut(rows), drawn: cut(drawn) };
}

// The dimensions [a, b] of every pair.
export function dimensions(pairs, pairing) {
  return Array.from({ length: pairs }, (_, i) => (pairing === "neighbours" ? [2 * i, 2 * i + 1] : [i, i + pairs]));
}

export const inPairs = (code, pairing) => dimensions(code.length / 2, pairing).map(([a, b]) => [code[a], code[b]]);

export function joined(hands, pairing) {
  const code = Array(2 * hands.length);
  dimensions(hands.length, pairing).forEach(([a, b], i) => [code[a], code[b]] = hands[i]);
  return code;
}

// A hand turned counter-clockwise.
export function turned([x, y], angle) {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  return [x * cos - y * sin, x * sin + y * cos];
}

// Radians that each pair turns from one unstretched position to the next.
export const turns = (pairs, base) => Array.from({ length: pairs }, (_, i) => base ** (-i / pairs));

export const dot = (one, other) => one.reduce((sum, [x, y], i) => sum + x * other[i][0] + y * other[i][1], 0);

// Rows at a position of any kind, on the straight line between two; null after the last.
export function between(rows, at) {
  if (at > rows.length - 1) return null;
  const low = Math.floor(at);
  const high = Math.min(low + 1, rows.length - 1);
  return rows[low].map((value, e) => value + (at - low) * (rows[high][e] - value));
}

// { query(p), key(p), perPosition, pairs } for the settings: what stands at position p in either role, and the radians
// from a position to the next, null for learned ones.
export function coder({ rows, drawn }, { kind, pairing, pairs, base, stretch, vectors }) {
  if (kind === "learned") {
    const code = (p) => {
      const row = between(rows, p / stretch);
      return row && inPairs(row, pairing);
    };
    return { query: code, key: code, perPosition: null, pairs: rows[0].length / 2 };
  }
  const perPosition = turns(pairs, base);
  const angles = (p) => perPosition.map((turn) => (p / stretch) * turn);
  if (kind === "sinusoidal") {
    const code = (p) => angles(p).map((angle) => [Math.sin(angle), Math.cos(angle)]);
    return { query: code, key: code, perPosition, pairs };
  }
  const [query, key] = given(drawn, vectors, pairs).map((vector) => inPairs(vector, pairing))
    .map((hands) => (p) => angles(p).map((angle, i) => turned(hands[i], angle)));
  return { query, key, perPosition, pairs };
}

// The query and the key that rotary positions turn.
export const given = (drawn, vectors, pairs) =>
  drawn.map((vector) => vector.slice(0, 2 * pairs).map((value) => (vectors === "drawn" ? value : 1)));

// Under the other pairing: the dot product of the same query and key, and of those whose dimensions are reordered.
export function underTheOther(drawn, { vectors, pairing, pairs, base, stretch }, places) {
  const other = pairing === "neighbours" ? "halves" : "neighbours";
  const perPosition = turns(pairs, base);
  const both = given(drawn, vectors, pairs);
  const product = (pair) => dot(...pair.map((vector, role) =>
    inPairs(vector, other).map((hand, i) => turned(hand, (places[role] / stretch) * perPosition[i]))));
  return { same: product(both), reordered: product(both.map((vector) => joined(inPairs(vector, pairing), other))) };
}

// Whether each hand (of rotary ones: the angle between the two) stands as it never does among the trained positions,
// unstretched: [first, second], booleans for every pair.
export function unseen({ kind, stretch }, { perPosition, pairs }, places) {
  if (!perPosition) return places.map((p) => Array(pairs).fill(p / stretch > TRAINED - 1));
  const seen = perPosition.map((turn) => (TRAINED - 1) * turn);
  if (kind === "sinusoidal") {
    return places.map((p) => perPosition.map((turn, i) => ((p / stretch) * turn) % FULL > seen[i]));
  }
  const apart = Math.abs(places[1] - places[0]) / stretch;
  const one = perPosition.map((turn, i) => {
    const angle = (apart * turn) % FULL;
    return Math.min(angle, FULL - angle) > seen[i];
  });
  return [one, one];
}

// Where both positions stand on the line 0 … last: [last, [first, second], how far they are shifted].
export function placed({ first, second, shift, extrapolate }) {
  const last = extrapolate ? LAST : TRAINED - 1;
  const still = [first, second].map((p) => Math.min(p, last));
  const moved = Math.min(shift, last - Math.max(...still));
  return [last, still.map((p) => p + moved), moved];
}
