import assert from "node:assert/strict";
import { test } from "node:test";

import { FEATURES, isConstant, ranking } from "./features.js";

const characters = (text) => [...text].map((label) => ({ label }));
const follow = (name, text) => [...FEATURES.next[name](characters(text))].join("");

test("brackets, quotation marks and emphasis: the opening sign is inside, the closing one is not", () => {
  assert.equal(follow("bracket", "a(b(c)d)e)"), "0111111000");
  assert.equal(follow("bracket", "(a\n\nb)(c"), "00000000"); // no partner in the same paragraph
  assert.equal(follow("quotation", '"ab"c"'), "111000");
  assert.equal(follow("emphasis", "*ab* * c*"), "111000000");
});

test("places in line, word and indentation count from 1", () => {
  assert.equal(follow("line", "ab\nc"), "1201");
  assert.equal(follow("word", "ab c1한글"), "1201000");
  assert.equal(follow("indentation", "  ab\n c\nd  e"), "12220110000" + "0");
});

test("emoji take one place each", () => {
  assert.equal(follow("word", "😀ab"), "012");
  assert.equal(follow("bracket", "😀(😀)"), "0110");
});

test("kinds of characters", () => {
  assert.equal(follow("capital", "aB9É "), "01010");
  assert.equal(follow("digit", "aB9 ٣"), "00100");
  assert.equal(follow("space", "a \n"), "011");
});

const all = (kind, steps) =>
  Object.fromEntries(Object.entries(FEATURES[kind]).map(([name, feature]) => [name, [...feature(steps)]]));

test("the adding problem's own features", () => {
  const steps = [
    [0.5, 1],
    [2, 0],
    [0.25, 1],
  ].map(([value, marker]) => ({ value, marker }));
  assert.deepEqual(all("number", steps), {
    sum: [0.5, 0.5, 0.75],
    marks: [1, 1, 2],
    number: [0.5, 2, 0.25],
    step: [1, 2, 3],
  });
});

test("a date's month is known from its last digit on; without a second number there is none", () => {
  const found = all("classes", characters("26.12.9"));
  assert.deepEqual(found, {
    "month read": [0, 0, 0, 0, 1, 1, 1],
    month: [0, 0, 0, 0, 12, 12, 12],
    numbers: [1, 1, 1, 2, 2, 2, 3],
    digit: [1, 1, 0, 1, 1, 0, 1],
  });
  assert.deepEqual(all("classes", characters("26년")).month, [0, 0, 0]);
});

test("units are ranked by the size of Pearson's r; what never changes has none", () => {
  const feature = Float64Array.of(1, 2, 3, 5);
  const columns = [
    [1, 1, 1, 1],
    [2, 1, 4, 3],
    [-1, -2, -3, -5],
    [7.1, 7.2, 7.3, 7.5],
  ]; // one list a unit
  const computed = [0, 1, 2, 3].map((t) => ({
    h: columns.map((column) => column[t]),
    c: columns.map((column) => Math.atanh(column[t] / 9)),
  }));
  const found = ranking(computed, "h", feature);
  assert.deepEqual(found.map(({ unit }) => unit).sort(), [0, 1, 2, 3]);
  const byUnit = Object.fromEntries(found.map(({ unit, r }) => [unit, r]));
  assert.equal(byUnit[0], 0);
  assert.ok(Math.abs(byUnit[1] - 3.5 / Math.sqrt(8.75 * 5)) < 1e-9);
  assert.ok(Math.abs(byUnit[2] + 1) < 1e-9 && Math.abs(byUnit[3] - 1) < 1e-9);
  assert.equal(found[3].unit, 0);
  const cells = ranking(computed, "c", feature); // of tanh c, which is the same but for the scale
  assert.ok(cells.every(({ unit, r }, n) => unit === found[n].unit && Math.abs(r - found[n].r) < 1e-9));
  assert.ok(isConstant(Float64Array.of(2, 2)) && !isConstant(Float64Array.of(2, 3)));
  assert.ok(ranking(computed, "h", Float64Array.of(1, 1, 1, 1)).every(({ r }) => r === 0));
});
