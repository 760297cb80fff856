import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { here, widgets } from "./folders.js";

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
    assert.deepEqual(outermost(readFileSync(join(here, widget, "widget.css"), "utf8")), [`.sb.sb-${widget}`]);
    assert.ok(readFileSync(join(here, widget, "widget.js"), "utf8").includes(`name: "${widget}"`), widget);
  }
});

test("the kit's styles reach no further than the widgets", () => {
  const parts = outermost(readFileSync(join(here, "kit", "kit.css"), "utf8")).filter((part) => part !== "@media print");
  for (const selector of parts.flatMap((part) => part.split(","))) assert.match(selector.trim(), /(^| )\.sb$/);
});
