// What is computed of the settings, and again only where these change: the codes of the whole line do not depend on
// where the two positions stand.
import { memo } from "../kit/memo.js";
import { coder, dot, placed, turned, underTheOther, unpacked, unseen } from "./codes.js";

const CODING = ["kind", "pairing", "pairs", "base", "stretch", "vectors"];

export function createStudy(specimen) {
  const arrays = unpacked(specimen);

  const wholeLine = memo((coding, last) => {
    const { query, key } = coder(arrays, coding);
    const [codes, keys] = [query, key].map((role) => Array.from({ length: last + 1 }, (_, p) => role(p)));
    const count = 2 * last + 1;
    const [least, most] = [Array(count).fill(NaN), Array(count).fill(NaN)]; // by distance, from -last
    const products = codes.map((code, p) => keys.map((other, s) => {
      const value = code && other ? dot(code, other) : NaN;
      const at = s - p + last;
      if (!(least[at] <= value)) least[at] = Number.isNaN(value) ? least[at] : value;
      if (!(most[at] >= value)) most[at] = Number.isNaN(value) ? most[at] : value;
      return value;
    }));
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
    return {
      ...settings, last, home, places, before, moved, pairs, codes, hands, frequency, perPosition, least, most, turnedError,
      other, dots: products[places[0]], dot: products[places[0]][places[1]],
      dotBefore: products[before[0]][before[1]], unseen: unseen(settings, made, places),
    };
  };
}
