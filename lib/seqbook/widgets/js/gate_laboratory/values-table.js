// One unit's numbers around the chosen step, as a table under a heading that opens it.
import { fixed } from "../kit/format.js";
import { foldedTable } from "../kit/folded-table.js";
import { math } from "../kit/math.js";
import { QUANTITIES, SYMBOLS } from "./quantities.js";

const AROUND = 12; // steps on each side

// `head` names what is read at each step; `onOpen()` is called when the table opens, to be drawn.
export function valuesTable({ label, head, onOpen }) {
  const { element, draw: fill } = foldedTable({ summary: label("table"), name: label("table"), onOpen });

  function draw({ computed, t, unit, nameOf }) {
    const from = Math.max(1, t - AROUND);
    const to = Math.min(computed.length, t + AROUND);
    const row = (_, n) => {
      const step = from + n;
      return [String(step), nameOf(step), ...QUANTITIES.map((name) => fixed(computed[step - 1][name][unit], 4))];
    };
    fill(() => ({
      caption: label("tableCaption", { unit, from, to }),
      heads: [math("t", true), head, ...QUANTITIES.map((quantity) => math(SYMBOLS[quantity], true))],
      rows: Array.from({ length: Math.max(0, to - from + 1) }, row),
      now: t - from,
    }));
  }
  return { element, draw };
}
