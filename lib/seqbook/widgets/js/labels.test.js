import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { here, widgets } from "./folders.js";

const holes = (text) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();

// Particles that depend on the sound before them, where that is a hole's: "h({k})를" is "h(6)를" for 6, read 육. In
// "게이트({f})를" the word before the parentheses decides.
const PARTICLE = /\}[)’”]*(?:을|를|은|는|이|가|과|와|으로|로|이나|나|이라|라|아|야)(?![가-힣])/g;
const hanging = (text) => text.replace(/(?<=[가-힣])\([^()]*\)/g, "").match(PARTICLE) ?? [];

test("a particle is found where it hangs on a hole", () => {
  for (const text of ["h({k})를", "{id}가", "‘{name}’와 {b}", "{value}로.", "시점 {t}은"]) {
    assert.equal(hanging(text).length, 1, text);
  }
  const good = "망각 게이트({f})를 {a}의 {b}에서 {c}까지 {d}배가 {e}입니다. {f}로부터 {g}보다 값 {h}";
  assert.deepEqual(hanging(good), []);
});

test("there are widgets to check", () => assert.ok(widgets.length >= 2));

const sourcesOf = (folder) =>
  readdirSync(join(here, folder))
    .filter((name) => /(?<!\.test)\.js$/.test(name) && name !== "labels.js")
    .map((name) => readFileSync(join(here, folder, name), "utf8"))
    .join("\n");
const labelsOf = async (folder) => (await import(join(here, folder, "labels.js"))).LABELS;

for (const folder of [...widgets, "kit"]) {
  const LABELS = await labelsOf(folder);

  test(`${folder}: both languages have the same labels with the same holes`, () => {
    assert.deepEqual(Object.keys(LABELS).sort(), ["en", "ko"]);
    assert.deepEqual(Object.keys(LABELS.ko), Object.keys(LABELS.en));
    for (const [key, text] of Object.entries(LABELS.ko)) {
      assert.ok(text.trim() && LABELS.en[key].trim(), key);
      assert.deepEqual(holes(text), holes(LABELS.en[key]), key);
    }
  });

  test(`${folder}: Korean labels are Korean, English ones are not`, () => {
    const hangul = /[가-힣]/;
    for (const [key, text] of Object.entries(LABELS.en)) assert.ok(!hangul.test(text), key);
    const foreign = Object.entries(LABELS.ko).filter(([key, text]) => !hangul.test(text) && text !== LABELS.en[key]);
    assert.deepEqual(foreign, []);
  });

  test(`${folder}: no Korean particle hangs on what fills a hole`, () => {
    for (const [key, text] of Object.entries(LABELS.ko)) assert.deepEqual(hanging(text), [], `${key}: ${text}`);
  });
}

const kit = await labelsOf("kit");

test("the kit says every label of its own", () => {
  const sources = sourcesOf("kit");
  for (const key of Object.keys(kit.en)) assert.ok(sources.includes(`label("${key}")`), `"${key}" is never used`);
});

for (const widget of widgets) {
  const LABELS = await labelsOf(widget);

  test(`${widget}: every label is said somewhere`, () => {
    const sources = sourcesOf(widget);
    const beginnings = [...sources.matchAll(/label\(`(\w+?)\$\{/g)].map(([, prefix]) => prefix);
    const options = [...sources.matchAll(/\.select\("(\w+)"/g)].map(([, trait]) => `${trait}_`); // kit/knobs.js
    const said = (key) =>
      sources.includes(`"${key}"`) || [...beginnings, ...options].some((start) => key.startsWith(start));
    for (const key of Object.keys(LABELS.en)) assert.ok(key === "name" || said(key), `"${key}" is never used`);
  });

  test(`${widget}: what the kit says is not said again`, () => {
    const again = Object.keys(kit.en).filter((key) => ["ko", "en"].every((lang) => LABELS[lang][key] === kit[lang][key]));
    assert.deepEqual(again, []);
  });
}
