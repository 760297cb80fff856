// One unit's numbers around the chosen step, as a table under a heading that opens it.
import { html } from "../kit/dom.js";
import { fixed } from "../kit/format.js";
import { math } from "../kit/math.js";
import { QUANTITIES, SYMBOLS } from "./quantities.js";

const AROUND = 12; // steps on each side

// `head` names what is read at each step; `onOpen()` is called when the table opens, to be drawn.
export function valuesTable({ label, head, onOpen }) {
  const table = html("table");
  const box = html("div", { class: "sb-scroll", role: "region", "aria-label": label("table"), tabindex: 0 }, table);
  const element = html("details", {}, html("summary", {}, label("table")), box);
  element.addEventListener("toggle", onOpen);
  const column = (content) => html("th", { scope: "col" }, content);

  function draw({ computed, t, unit, nameOf }) {
    if (!element.open) return;
    const from = Math.max(1, t - AROUND);
    const to = Math.min(computed.length, t + AROUND);
    const row = (step) => {
      const numbers = QUANTITIES.map((quantity) => html("td", {}, fixed(computed[step - 1][quantity][unit], 4)));
      const name = html("th", { scope: "row" }, String(step));
      return html("tr", { class: step === t ? "sb-now" : null }, name, html("td", {}, nameOf(step)), ...numbers);
    };
    const heads = [math("t", true), head, ...QUANTITIES.map((quantity) => math(SYMBOLS[quantity], true))];
    table.replaceChildren(
      html("caption", {}, label("tableCaption", { unit, from, to })),
      html("thead", {}, html("tr", {}, ...heads.map(column))),
      html("tbody", {}, ...Array.from({ length: Math.max(0, to - from + 1) }, (_, n) => row(from + n))),
    );
  }
  return { element, draw };
}
