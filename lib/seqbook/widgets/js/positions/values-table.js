// The numbers of every pair of dimensions, a row each.
import { fixed, significant } from "../kit/format.js";
import { foldedTable } from "../kit/folded-table.js";
import { math } from "../kit/math.js";
import { dimensions } from "./codes.js";

export function valuesTable({ label, onOpen }) {
  const { element, draw: fill } = foldedTable({ summary: label("table"), name: label("tableCaption"), onOpen });

  function draw({ pairs, pairing, frequency, hands, unseen }) {
    const hand = (of) => (of ? `(${of.map((value) => fixed(value, 3)).join(", ")})` : "–");
    const product = ([one, other]) => (one && other ? fixed(one[0] * other[0] + one[1] * other[1], 3) : "–");
    fill(() => ({
      caption: label("tableCaption"),
      heads: ["dimensions", "turn", "frequency", "handFirst", "handSecond", "product", "seen"]
        .map((name) => label(name)),
      rows: dimensions(pairs, pairing).map((pair, i) => [
        pair.join(", "),
        frequency ? math(significant((2 * Math.PI) / frequency[i])) : "–",
        frequency ? math(significant(frequency[i])) : "–",
        ...hands.map((of) => hand(of && of[i])),
        product(hands.map((of) => of && of[i])),
        label(unseen[0][i] || unseen[1][i] ? "no" : "yes"),
      ]),
      now: -1,
    }));
  }
  return { element, draw };
}
