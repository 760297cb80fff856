// Numbers as short as a circle's room.
import { fixed } from "../kit/format.js";

// How far a state moved, in four signs: 0 is exactly 0, and what is not but rounds to it is "<.01".
export function moved(size) {
  if (size === 0) return "0";
  if (size < 0.005) return "<.01";
  return size < 9.95 ? fixed(size, size < 0.995 ? 2 : 1) : fixed(size, 0);
}

export const percent = (probability) => `${Math.round(100 * probability)}%`;

// A change of a probability in percentage points, signed; exactly none is "0".
export function points(change) {
  if (change === 0) return "0";
  const size = Math.round(100 * Math.abs(change));
  return size === 0 ? "±0" : `${change < 0 ? "−" : "+"}${size}`;
}
