import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";

const here = new URL(".", import.meta.url);
const widgets = readdirSync(here, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && entry.name !== "kit")
  .map((entry) => entry.name);

// The selectors and at-rules on the outermost level of a style sheet.
function outermost(css) {
  const found = [];
  let depth = 0;
  let text = "";
  for (const character of css.replace(/\/\*.*?\*\//gs, "").replace(/@import[^;]*;/g, "")) {
    if (character === "{" && (depth += 1) === 1) found.push(text.trim());
    else if (character === "}" && (depth -= 1) === 0) text = "";
    else if (depth === 0) text += character;
  }
  return found;
}

test("a widget's styles reach no further than the widget, though a page may show several", () => {
  for (const widget of widgets) {
    const css = readFileSync(new URL(`${widget}/widget.css`, here), "utf8");
    assert.deepEqual(outermost(css), [`.sb.sb-${widget}`]);
    assert.match(readFileSync(new URL(`${widget}/widget.js`, here), "utf8"), new RegExp(`class: "sb sb-${widget}"`));
  }
});

test("the kit's styles reach no further than the widgets", () => {
  const parts = outermost(readFileSync(new URL("kit/kit.css", here), "utf8")).filter((part) => part !== "@media print");
  for (const selector of parts.flatMap((part) => part.split(","))) assert.match(selector.trim(), /(^| )\.sb$/);
});
