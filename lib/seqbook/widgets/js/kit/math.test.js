import assert from "node:assert/strict";
import { test } from "node:test";

import { mathParts } from "./math.js";

test("symbols with a step are found in sentences, words are left alone", () => {
  assert.deepEqual(mathParts("h(3)은 x(1)에서 옵니다"), [
    { letter: "h", step: "3" },
    { text: "은 " },
    { letter: "x", step: "1" },
    { text: "에서 옵니다" },
  ]);
  const plain = "a plain tanh(z) sentence, weight_ih or Lorem";
  assert.deepEqual(mathParts(plain), [{ text: plain }]);
});

test("parameters and derivatives are symbols, exponents are raised", () => {
  assert.deepEqual(mathParts("W: 7"), [{ letter: "W", step: undefined }, { text: ": 7" }]);
  assert.deepEqual(mathParts("∂h(3)/∂L"), [
    { letter: "∂h", step: "3" },
    { text: "/" },
    { letter: "∂L", step: undefined },
  ]);
  assert.deepEqual(mathParts("1.5·10⁻¹²"), [{ text: "1.5·10" }, { power: "−12" }]);
});

test("in an equation lone letters are symbols, function names are not", () => {
  assert.deepEqual(mathParts("tanh(b + W h(2))", true), [
    { text: "tanh(" },
    { letter: "b", step: undefined },
    { text: " + " },
    { letter: "W", step: undefined },
    { text: " " },
    { letter: "h", step: "2" },
    { text: ")" },
  ]);
});

test("the LSTM's candidate is one letter with its tilde", () => {
  assert.deepEqual(mathParts("C(4) = f(4) C(3) + i C\u0303", true), [
    { letter: "C", step: "4" },
    { text: " = " },
    { letter: "f", step: "4" },
    { text: " " },
    { letter: "C", step: "3" },
    { text: " + " },
    { letter: "i", step: undefined },
    { text: " " },
    { letter: "C\u0303", step: undefined },
  ]);
});

test("in an equation a matrix has a letter below it, unless more than one follows", () => {
  assert.deepEqual(mathParts("tanh(W_s s", true), [
    { text: "tanh(" }, { letter: "W", index: "s" }, { text: " " }, { letter: "s", step: undefined },
  ]);
  for (const [plain, equation] of [["W_hh", true], ["W_s", false]]) {
    assert.deepEqual(mathParts(plain, equation), [{ text: plain }]);
  }
});

test("markup stays text", () => {
  assert.deepEqual(mathParts("<em>"), [{ text: "<em>" }]);
});
