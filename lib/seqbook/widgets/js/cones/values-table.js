// The numbers of every letter, a row each.
import { fixed, significant } from "../kit/format.js";
import { foldedTable } from "../kit/folded-table.js";
import { READERS } from "./network.js";

export function valuesTable({ label, onOpen }) {
  const { element, draw: fill } = foldedTable({ summary: label("table"), name: label("tableCaption"), onOpen });

  function draw({ shown, run, changed, time }) {
    const last = shown.length;
    const at = (of, n) => (n < last ? fixed(of[n - 1], 3) : "");
    fill(() => ({
      caption: label("tableCaption"),
      heads: [
        label("letter"),
        ...READERS.map((reader) => label(`probability_${reader}`)),
        ...(changed ? ["forward", "backward"].map((reader) => label(`moves_${reader}`)) : []),
        ...(changed ? READERS.map((reader) => label(`after_${reader}`)) : []),
      ],
      rows: shown.map((letter, index) => [
        `${index + 1} ${letter}`,
        ...run.probability.map((row) => at(row, index + 1)),
        ...(changed
          ? [significant(changed.forward[index]), significant(changed.backward[index]),
            ...changed.run.probability.map((row) => at(row, index + 1))]
          : []),
      ]),
      now: time - 1,
    }));
  }
  return { element, draw };
}
