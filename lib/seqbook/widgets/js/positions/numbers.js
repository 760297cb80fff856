// All numbers, as `Positions.numbers` gives them.
import { joined } from "./codes.js";
import { createStudy } from "./study.js";

export const KNOBS = [
  "first", "second", "kind", "pairing", "pairs", "base", "stretch", "shift", "extrapolate", "vectors",
];
export const settings = (get) => Object.fromEntries(KNOBS.map((name) => [name, get(name)]));

export function numbers(get) {
  const found = createStudy(get("specimen"))(settings(get));
  const { pairs, pairing } = found;
  const nothing = (length) => Array(length).fill(null); // NaN in Python
  return {
    codes: found.codes.map((code) => (code ? joined(code, pairing) : nothing(2 * pairs))),
    hands: found.hands.map((hands) => hands ?? Array(pairs).fill(nothing(2))),
    frequency: found.frequency ?? nothing(pairs),
    dots: found.dots,
    dot: found.dot,
    dot_before: found.dotBefore,
    least: found.least,
    most: found.most,
    unseen: found.unseen.map((hands) => hands.map(Number)),
    turned_error: found.turnedError,
    other_pairing: found.other?.same ?? null,
    reordered: found.other?.reordered ?? null,
  };
}
