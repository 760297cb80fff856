import assert from "node:assert/strict";
import { test } from "node:test";

import { translator } from "../kit/i18n.js";
import { clampWords, deed, equations, percent } from "./describe.js";
import { EXPERIMENTS } from "./experiments.js";
import { LABELS } from "./labels.js";
import { likeliest, linear, softmax } from "./prediction.js";
import { readNumbers } from "./specimens.js";

test("the equations carry the numbers they are computed from", () => {
  const [cell, hidden] = equations({ f: 0.9, i: 0.5, g: -0.4, o: 0.25, c: 1.6, h: 0.23, before: 2 }, 7);
  assert.equal(cell, "C(7) = f(7) C(6) + i(7) C\u0303(7) = 0.90 × 2.00 + 0.50 × (−0.40) = 1.60");
  assert.equal(hidden, "h(7) = o(7) tanh C(7) = 0.25 × 0.92 = 0.23");
});

test("what gates do is said by what they let through", () => {
  assert.deepEqual(deed({ f: 0.95, i: 0.9 }), ["keep", "write"]);
  assert.deepEqual(deed({ f: 0.5, i: 0.3 }), ["fade", "touch"]);
  assert.deepEqual(deed({ f: 0.02, i: 0.02 }), ["forget", "skip"]);
  assert.deepEqual([0, 0.004, 0.5, 1].map(percent), ["0%", "0.4%", "50%", "100%"]);
});

test("a clamp is named by gate, value, place and units, in both languages", () => {
  for (const lang of ["ko", "en"]) {
    const context = { label: translator(LABELS, lang), T: 9, name: (t) => `<${t}>` };
    const said = (clamp) => clampWords({ gate: "f", value: 0, unit: null, start: 1, end: null, ...clamp }, context);
    const all = [
      said({}),
      said({ start: 4, end: 4 }),
      said({ start: 4 }),
      said({ start: 2, end: 5 }),
      said({ unit: 3 }),
      said({ gate: "g", value: -1 }),
    ];
    assert.equal(new Set(all).size, all.length);
    assert.ok(
      all.every((words) => !/[{}]|undefined/.test(words)),
      String(all),
    );
    assert.ok(all[1].includes("<4>") && all[4].includes("3") && all[5].startsWith("C\u0303 = −1.00"));
    assert.equal(said({ start: 9 }), said({ start: 9, end: 9 })); // from the last step on is the last step
  }
});

test("outputs by hand, and a softmax that stays finite", () => {
  assert.deepEqual(
    [...linear({ weight: Float64Array.of(1, 2, 3, 4), bias: Float64Array.of(0.5, -1) }, [10, 100])],
    [210.5, 429],
  );
  const probabilities = softmax(Float64Array.of(1e4, 1e4, -1e4));
  assert.deepEqual([...probabilities], [0.5, 0.5, 0]);
});

test("the likeliest outputs, with the one that was likeliest before", () => {
  const [held, free] = [
    [0.1, 0.6, 0.25, 0.05],
    [0.2, 0.1, 0.1, 0.6],
  ];
  assert.deepEqual(likeliest(held, free, 2), [
    { output: 1, held: 0.6, free: 0.1 },
    { output: 3, held: 0.05, free: 0.6 },
  ]);
  assert.deepEqual(
    likeliest(held, held, 9).map(({ output }) => output),
    [1, 2, 0, 3],
  );
});

test("experiments hold what they say, where they say it", () => {
  const { steps } = readNumbers("1 2* 3 4 5* 6");
  const span = (found) => found.clamps.map(({ gate, value, start, end }) => [gate, value, start, end]);
  assert.deepEqual(span(EXPERIMENTS.characters.forget(steps, 4)), [["f", 0, 4, 4]]);
  assert.deepEqual(span(EXPERIMENTS.characters.silence(steps, 4)), [["o", 0, 4, null]]);
  assert.deepEqual(span(EXPERIMENTS.numbers.marker(steps, 1)), [["i", 0, 5, 5]]);
  assert.equal(EXPERIMENTS.numbers.marker(steps, 1).t, 5);
  assert.deepEqual(span(EXPERIMENTS.numbers.between(steps, 1)), [["f", 0, 3, 3]]);
  assert.deepEqual(span(EXPERIMENTS.numbers.others(steps, 1)), [
    ["i", 0, 1, 1],
    ["i", 0, 3, 4],
    ["i", 0, 6, 6],
  ]);
  const unmarked = readNumbers("1 2 3").steps;
  assert.ok(Object.values(EXPERIMENTS.numbers).every((experiment) => experiment(unmarked, 1) === null));
});
