// Numbers as a table under a heading that opens it.
import { html } from "./dom.js";

// `summary` is the heading, `name` what the table is called; `onOpen()` asks for a drawing when it opens.
export function foldedTable({ summary, name, onOpen }) {
  const table = html("table");
  const box = html("div", { class: "sb-scroll", role: "region", "aria-label": name, tabindex: 0 }, table);
  const element = html("details", {}, html("summary", {}, summary), box);
  element.addEventListener("toggle", onOpen);
  const head = (content) => (content === null ? html("td") : html("th", { scope: "col" }, content));
  const row = ([first, ...cells], now) =>
    html(
      "tr",
      { class: now ? "sb-now" : null },
      html("th", { scope: "row" }, first),
      ...cells.map((content) => html("td", {}, content)),
    );

  // `contents()` gives { caption, heads, rows, now }, asked for only while the table is open: the columns' heads, rows
  // of a head and cells, and which row (from 0) is marked.
  function draw(contents) {
    if (!element.open) return;
    const { caption, heads, rows, now } = contents();
    table.replaceChildren(
      html("caption", {}, caption),
      html("thead", {}, html("tr", {}, ...heads.map(head))),
      html("tbody", {}, ...rows.map((cells, n) => row(cells, n === now))),
    );
  }
  return { element, draw };
}
