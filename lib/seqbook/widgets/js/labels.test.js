import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { here, widgets } from "./folders.js";

const holes = (text) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();

test("there are widgets to check", () => assert.ok(widgets.length >= 2));

for (const widget of widgets) {
  const { LABELS } = await import(join(here, widget, "labels.js"));

  test(`${widget}: both languages have the same labels with the same holes`, () => {
    assert.deepEqual(Object.keys(LABELS).sort(), ["en", "ko"]);
    assert.deepEqual(Object.keys(LABELS.ko), Object.keys(LABELS.en));
    for (const [key, text] of Object.entries(LABELS.ko)) {
      assert.ok(text.trim() && LABELS.en[key].trim(), key);
      assert.deepEqual(holes(text), holes(LABELS.en[key]), key);
    }
  });

  test(`${widget}: Korean labels are Korean, English ones are not`, () => {
    const hangul = /[가-힣]/;
    for (const [key, text] of Object.entries(LABELS.en)) assert.ok(!hangul.test(text), key);
    const foreign = Object.entries(LABELS.ko).filter(([key, text]) => !hangul.test(text) && text !== LABELS.en[key]);
    assert.deepEqual(foreign, []);
  });

  test(`${widget}: every label is said somewhere`, () => {
    const sources = readdirSync(join(here, widget))
      .filter((name) => /(?<!\.test)\.js$/.test(name) && name !== "labels.js")
      .map((name) => readFileSync(join(here, widget, name), "utf8"))
      .join("\n");
    const beginnings = [...sources.matchAll(/label\(`(\w+?)\$\{/g)].map(([, prefix]) => prefix);
    const options = [...sources.matchAll(/\.select\("(\w+)"/g)].map(([, trait]) => `${trait}_`); // kit/knobs.js
    const said = (key) =>
      sources.includes(`"${key}"`) || [...beginnings, ...options].some((start) => key.startsWith(start));
    for (const key of Object.keys(LABELS.en)) assert.ok(key === "name" || said(key), `"${key}" is never used`);
  });
}
