// What every place holds after each round, a row each.
import { fixed } from "../kit/format.js";
import { foldedTable } from "../kit/folded-table.js";
import { math } from "../kit/math.js";

export function valuesTable({ label, onOpen }) {
  const { element, draw: fill } = foldedTable({ summary: label("table"), name: label("tableCaption"), onOpen });

  function draw({ rows }, time) {
    fill(() => ({
      caption: label("tableCaption"),
      heads: [null, ...rows[0].map((_, place) => math(`t = ${place + 1}`, true))],
      rows: rows.map((row, round) => [
        round ? label("round", { n: round }) : label("start"),
        ...row.map(({ u, first }, place) => (round > time ? "" : `${fixed(u)} (${first}–${place + 1})`)),
      ]),
      now: time,
    }));
  }
  return { element, draw };
}
