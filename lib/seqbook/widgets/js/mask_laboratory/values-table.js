// The numbers of every position, a row each.
import { fixed, significant } from "../kit/format.js";
import { foldedTable } from "../kit/folded-table.js";
import { numbered, visible } from "./reading.js";
import { TRAINED } from "./study.js";

export function valuesTable({ label, onOpen }) {
  const { element, draw: fill } = foldedTable({ summary: label("table"), name: label("tableCaption"), onOpen });

  function draw({ T, pads, t, letters, mask, known, loss, answer, gradient }) {
    const list = (row) => row.flatMap((each, s) => (each ? [numbered(s, pads)] : [])).join(" ") || "–";
    fill(() => ({
      caption: label("tableCaption"),
      heads: [label("token"), label("looksAt"), label("knowsOf"), ...TRAINED.map((trained) => label(`lossOf_${trained}`)),
        label("answerShare"), label("gradientOf")],
      rows: Array.from({ length: T }, (_, at) => {
        const n = at - pads;
        const isAsked = n >= 0 && n < letters.length - 1;
        return [
          `${numbered(at, pads)} ${n < 0 ? "" : visible(letters[n])}`, list(mask[at]), list(known[at]),
          ...loss.map((each) => (isAsked ? fixed(each[n], 2) : "")), n < 0 ? "" : fixed(answer[n], 3),
          significant(gradient[at]),
        ];
      }),
      now: pads + t - 1,
    }));
  }
  return { element, draw };
}
