// All weights as a table under a heading that opens it.
import { fixed } from "../kit/format.js";
import { foldedTable } from "../kit/folded-table.js";

export function valuesTable({ label, onOpen }) {
  const { element, draw: fill } = foldedTable({ summary: label("table"), name: label("table"), onOpen });
  const draw = ({ source, target, weights, t }) =>
    fill(() => ({
      caption: label("tableCaption"),
      heads: [label("written"), ...source],
      rows: target.map((sign, n) => [sign, ...Array.from(weights[n], (weight) => fixed(weight, 3))]),
      now: t - 1,
    }));
  return { element, draw };
}
