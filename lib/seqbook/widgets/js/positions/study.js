// What is computed of the settings, and again only where these change: the codes of the whole line do not depend on
// where the two positions stand.
import { memo } from "../kit/memo.js";
import { coder, dot, placed, turned, underTheOther, unpacked, unseen } from "./codes.js";

const CODING = ["kind", "pairing", "pairs", "base", "stretch", "vectors"];

export function createStudy(specimen) {
  const arrays = unpacked(specimen);

  // `codes` by position, `products` [p * (last + 1) + s] of each with each, NaN where one has none, and their range by
  // distance, from -last.
  const wholeLine = memo((coding, last) => {
    const { query, key, pairs } = coder(arrays, coding);
    const [count, size] = [last + 1, 2 * pairs];
    const [codes, keys] = [query, key].map((role) => Array.from({ length: count }, (_, p) => role(p)));
    const [flat, flatKeys] = [codes, keys].map((rows) => {
      const values = new Float64Array(count * size).fill(NaN);
      rows.forEach((row, p) => row && values.set(row.flat(), p * size));
      return values;
    });
    const products = new Float64Array(count * count);
    const [least, most] = [0, 1].map(() => new Float64Array(2 * last + 1).fill(NaN));
    for (let p = 0; p < count; p += 1) {
      for (let s = 0; s < count; s += 1) {
        let value = 0;
        for (let e = 0; e < size; e += 1) value += flat[p * size + e] * flatKeys[s * size + e];
        products[p * count + s] = value;
        if (Number.isNaN(value)) continue;
        const at = s - p + last;
        if (!(least[at] <= value)) least[at] = value;
        if (!(most[at] >= value)) most[at] = value;
      }
    }
    return { codes, products, least, most };
  });

  return (settings) => {
    const coding = Object.fromEntries(CODING.map((name) => [name, settings[name]]));
    const [last, places, moved] = placed(settings);
    const before = places.map((p) => p - moved);
    const { codes, products, least, most } = wholeLine(coding, last);
    const made = coder(arrays, coding);
    const { perPosition, pairs, query, key } = made;
    const at = ([one, other]) => [query(one), key(other)];
    const hands = at(places);
    const frequency = perPosition && perPosition.map((turn) => turn / settings.stretch);
    let turnedError = NaN;
    if (frequency) {
      const sign = settings.kind === "rotary" ? 1 : -1; // sinusoids run as clocks do
      turnedError = Math.max(...at(before).flatMap((code, role) => code.flatMap((hand, i) =>
        turned(hand, sign * moved * frequency[i]).map((value, n) => Math.abs(value - hands[role][i][n])))));
    }
    const other = settings.kind === "rotary" ? underTheOther(arrays.drawn, settings, places) : null;
    const home = key(places[0]); // where the second hands stand at the first position
    const [count, [p, s]] = [last + 1, places];
    return {
      ...settings, last, home, places, before, moved, pairs, codes, hands, frequency, perPosition, least, most,
      turnedError, other, unseen: unseen(settings, made, places),
      dots: products.subarray(p * count, (p + 1) * count), dot: products[p * count + s],
      dotBefore: products[before[0] * count + before[1]],
    };
  };
}
