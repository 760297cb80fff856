// What is predicted, as bars: as learned, and with the gates the reader holds.
import { html, setAttributes, setText } from "../kit/dom.js";

// rows = [{ label, held, free, most, text, before, kind }]: two lengths out of `most`, what to write at the end for
// each, and whether a row is "true", "changed" by the reader or "plain". With `compares` both lengths are drawn.
export function outputBars() {
  const list = html("ol", { class: "sb-bars" });
  const made = [];
  const make = () => {
    const parts = {
      label: html("span", { class: "sb-output" }),
      held: html("span", { class: "sb-bar-held" }),
      free: html("span", { class: "sb-bar-free" }),
      text: html("span", { class: "sb-share" }),
      before: html("span", { class: "sb-share sb-before" }),
    };
    const row = html(
      "li",
      {},
      parts.label,
      html("span", { class: "sb-track", "aria-hidden": "true" }, parts.held, parts.free),
      parts.text,
      parts.before,
    );
    return { ...parts, row };
  };

  function draw(rows, compares) {
    while (made.length < rows.length) made.push(make());
    if (list.children.length !== rows.length) list.replaceChildren(...made.slice(0, rows.length).map(({ row }) => row));
    rows.forEach(({ label, held, free, most, text, before = "", kind }, n) => {
      const parts = made[n];
      setText(parts.label, label);
      setText(parts.text, text);
      setText(parts.before, compares ? before : "");
      setAttributes(parts.row, { class: kind ? `sb-${kind}` : null });
      const percent = (value) => `width: ${(100 * Math.min(1, Math.max(0, value / most))).toFixed(1)}%`;
      setAttributes(parts.held, { style: percent(held) });
      setAttributes(parts.free, { style: percent(free), hidden: !compares });
    });
    list.classList.toggle("sb-compares", compares);
  }
  return { element: list, draw };
}
