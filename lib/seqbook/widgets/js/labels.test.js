import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL(".", import.meta.url));
const widgets = readdirSync(here, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && entry.name !== "kit")
  .map((entry) => entry.name);
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
    const computed = [...sources.matchAll(/label\(`(\w+?)\$\{/g)].map(([, prefix]) => prefix);
    const whole = [...sources.matchAll(/`\$\{trait\}_\$\{value\}`/g)].length > 0;
    for (const key of Object.keys(LABELS.en)) {
      const said = sources.includes(`"${key}"`) || computed.some((prefix) => key.startsWith(prefix))
        || (whole && sources.includes(`"${key.split("_")[0]}"`) && key.includes("_"));
      assert.ok(said, `"${key}" is never used`);
    }
  });
}
