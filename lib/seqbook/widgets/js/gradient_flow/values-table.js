// All sizes as numbers, a row for every step.
import { significant } from "../kit/format.js";
import { foldedTable } from "../kit/folded-table.js";
import { math } from "../kit/math.js";

export function valuesTable({ label, onOpen }) {
  const { element, draw: fill } = foldedTable({ summary: label("table"), name: label("tableCaption"), onOpen });

  function draw({ found, others, s }, T) {
    fill(() => {
      const compared = others.map(([name]) => `‖∂L/∂${s}(t)‖, ${label(`model_${name}`)}`);
      const heads = ["t", `‖∂L/∂${s}(t)‖`, `‖∂${s}(${T})/∂${s}(t)‖`, ...compared].map((head) => math(head, true));
      const sizes = (n) => [found.dh[n], found.matrix[(T - 1) * T + n], ...others.map(([, dh]) => dh[n])];
      const row = (_, n) => [String(n + 1), ...sizes(n).map((size) => math(significant(size)))];
      return { caption: label("tableCaption"), heads, rows: Array.from({ length: T }, row) };
    });
  }
  return { element, draw };
}
