// The numbers of every step reached, a column each.
import { fixed } from "../kit/format.js";
import { foldedTable } from "../kit/folded-table.js";
import { math } from "../kit/math.js";

export function valuesTable({ label, onOpen }) {
  const { element, draw: fill } = foldedTable({ summary: label("table"), name: label("tableCaption"), onOpen });

  function draw(settings, values, now) {
    const steps = Array.from({ length: settings.steps }, (_, index) => index + 1);
    const lines = { x: (t) => settings.x[t - 1], a: (t) => values.a[t], h: (t) => values.h[t], o: (t) => values.o[t] };
    if (settings.loss) Object.assign(lines, { y: (t) => settings.y[t - 1], L: (t) => values.loss[t] });
    const cell = (read, t) => (t > now || read(t) === null ? "" : fixed(read(t), 4));
    fill(() => ({
      caption: label("tableCaption"),
      heads: [null, ...steps.map((t) => math(`t = ${t}`, true))],
      rows: Object.entries(lines).map(([name, read]) => [math(`${name}(t)`), ...steps.map((t) => cell(read, t))]),
    }));
  }
  return { element, draw };
}
