import assert from "node:assert/strict";
import { test } from "node:test";

import { translator } from "../kit/i18n.js";
import { answer } from "./answers.js";
import { clampWords, deed, equations, percent, sentences } from "./describe.js";
import { EXPERIMENTS } from "./experiments.js";
import { LABELS } from "./labels.js";
import { likeliest, softmax } from "./prediction.js";
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

test("a softmax that stays finite", () => {
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

test("the sentences say what was read, computed, held and answered, in both languages", () => {
  const values = { f: 0.5, i: 0.2, g: -0.4, o: 0.25, c: 1.6, h: 0.23, before: 2 };
  for (const lang of ["ko", "en"]) {
    const label = translator(LABELS, lang);
    const found = { words: ["changed", { free: "“a” 60%", held: "“b” 70%" }] };
    const said = (rest) => sentences({ unit: 7, t: 3, values, unheld: { c: 9.25 }, character: "“x”", ...rest }, label);
    const free = said({ held: false, found: { words: null } });
    const held = said({ held: true, found });
    assert.deepEqual(
      free.map(([kind]) => kind),
      ["sentence", "equation", "equation", "sentence"],
    );
    assert.equal(held.length, free.length + 2);
    assert.ok(held[4][1].includes("9.25") && held[5][1].includes("“a” 60%") && held[5][1].includes("“b” 70%"));
    assert.ok(
      held.every(([, text]) => !/[{}]|undefined/.test(text)),
      JSON.stringify(held),
    );
    assert.ok(free[0][1].includes("“x”") && free[3][1].includes("50%") && free[3][1].includes("20%"));
  }
});

test("answers: the likeliest with the character that follows, and the sums as far as they are computed", () => {
  const label = translator(LABELS, "en");
  const network = { predicts: "next", labels: ["\uFFFD", "a", "b"], outputs: ({ h }) => h };
  const text = [{ key: 1 }, { key: 2 }];
  const free = [{ h: [0, Math.log(2), Math.log(7)] }];
  const held = [{ h: [0, Math.log(7), Math.log(2)] }];
  const name = (character) => `<${character}>`;
  const found = answer(network, text, 1, { free, held, compares: true }, label, name);
  assert.deepEqual(
    found.rows.map(({ label: each, text: share, before, kind }) => [each, share, before, kind]),
    [
      ["<a>", "70%", "20%", null],
      ["<b> (what follows)", "20%", "70%", "true"],
      ["unknown", "10%", "10%", null],
    ],
  );
  assert.deepEqual(found.words, ["changed", { free: "<b> 70%", held: "<a> 70%" }]);
  const same = answer(network, text, 1, { free, held: free, compares: false }, label, name);
  assert.equal(same.words, null);
  assert.equal(same.paired, false);
  assert.equal(answer(network, text, 2, { free, held, compares: true }, label, name), null);

  const adder = { predicts: "number", outputs: ({ h }) => h };
  const { steps } = readNumbers("0.5* 1 0.25*");
  const run = (...answers) => answers.map((value) => ({ h: [value] }));
  const partly = answer(adder, steps, 2, { free: run(0.4, 0.6), held: run(0.4, 0.1), compares: true }, label);
  assert.deepEqual(
    partly.rows.map(({ text: value, kind }) => [value, kind]),
    [
      ["0.50", "true"],
      ["0.60", "plain"],
      ["0.10", "changed"],
    ],
  );
  assert.equal(partly.words, null);
  const whole = answer(adder, steps, 2, { free: run(0.4, 0.6, 0.8), held: run(0.4, 0.6, 0.8), compares: false }, label);
  assert.deepEqual(whole.words, ["sum", { truth: "0.75", free: "0.80", held: "0.80" }]);
  assert.equal(whole.rows.length, 2);
});
