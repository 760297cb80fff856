// All sizes as numbers, a row for every step.
import { significant } from "../kit/format.js";
import { foldedTable } from "../kit/folded-table.js";
import { math } from "../kit/math.js";
import { TRANSFORMER } from "./models.js";

export function valuesTable({ label, onOpen }) {
  const { element, draw: fill } = foldedTable({ summary: label("table"), name: label("tableCaption"), onOpen });

  function draw({ name, found, others, layers, layer, depth, s, l }, T) {
    fill(() => {
      const compared = others.map(([other]) => `‖∂L/∂${s}(${l}t)‖, ${label(`model_${other}`)}`);
      const each = layers.map((_, n) => `‖∂L/∂${s}(${depth > 1 || name === TRANSFORMER ? `${n + 1},` : ""}t)‖`);
      const from = name === TRANSFORMER ? `${layer - 1},` : l;
      const heads = ["t", ...each, `‖∂${s}(${l}${T})/∂${s}(${from}t)‖`, ...compared].map((head) => math(head, true));
      const sizes = (n) =>
        [...layers.map((dh) => dh[n]), found.matrix[(T - 1) * T + n], ...others.map(([, dh]) => dh[n])];
      const row = (_, n) => [String(n + 1), ...sizes(n).map((size) => math(significant(size)))];
      return { caption: label("tableCaption"), heads, rows: Array.from({ length: T }, row) };
    });
  }
  return { element, draw };
}
