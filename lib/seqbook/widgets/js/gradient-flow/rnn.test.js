import assert from "node:assert/strict";
import { test } from "node:test";

import { jacobianNorms } from "./chain.js";
import { describe, describeClipping, clipped, fate, perStep } from "./describe.js";
import { LABELS } from "./labels.js";
import { translator } from "../kit/i18n.js";
import { ACTIVATIONS, gradients } from "./rnn.js";

const [H, D, T] = [4, 3, 7];
let seed = 1;
const random = () => {
  seed = (seed * 16807) % 2147483647;
  return seed / 1073741823.5 - 1;
};
const array = (length) => Float64Array.from({ length }, random);
const ARRAYS = {
  weight_ih: array(H * D), weight_hh: array(H * H), bias: array(H), x: array(T * D), direction: array(H),
};
const SETTINGS = { steps: T, activation: "tanh", radius: 0.9, inputScale: 1.3, loss: "last" };

test("with the identity every Jacobian between t and k is a power of W", () => {
  const { matrix } = gradients(ARRAYS, { ...SETTINGS, activation: "identity" });
  const weight = ARRAYS.weight_hh.map((value) => 0.9 * value);
  let power = Float64Array.from({ length: H * H }, (_, i) => (i % (H + 1) === 0 ? 1 : 0));
  for (let distance = 0; distance < T; distance += 1) {
    const expected = Math.hypot(...power) / Math.sqrt(H);
    for (let k = 0; k + distance < T; k += 1) {
      assert.ok(Math.abs(matrix[(k + distance) * T + k] - expected) < 1e-12);
    }
    power = power.map((_, i) => {
      const [row, column] = [Math.floor(i / H), i % H];
      return [0, 1, 2, 3].reduce((sum, m) => sum + weight[row * H + m] * power[m * H + column], 0);
    });
  }
});

test("nothing flows from later to earlier steps", () => {
  const { matrix } = gradients(ARRAYS, SETTINGS);
  for (let t = 0; t < T; t += 1) for (let k = 0; k < T; k += 1) assert.equal(Number.isNaN(matrix[t * T + k]), k > t);
});

test("a loss at the last step arrives there with its own size; more losses send more", () => {
  const own = Math.hypot(...ARRAYS.direction);
  const last = gradients(ARRAYS, SETTINGS);
  assert.ok(Math.abs(last.dh[T - 1] - own) < 1e-12);
  const every = gradients(ARRAYS, { ...SETTINGS, loss: "every" });
  assert.ok(Math.abs(every.dh[T - 1] - own) < 1e-12);
  assert.notEqual(every.dh[0], last.dh[0]);
});

test("each activation's derivative equals its finite difference", () => {
  for (const [name, [f, derivative]] of Object.entries(ACTIVATIONS)) {
    for (const a of [-1.3, -0.2, 0.4, 2.1]) {
      const difference = (f(a + 1e-6) - f(a - 1e-6)) / 2e-6;
      assert.ok(Math.abs(derivative(f(a)) - difference) < 1e-8, `${name} at ${a}`);
    }
  }
});

test("a hidden size the fast product cannot take is refused", () => {
  assert.throws(() => jacobianNorms(2, 3, () => {}), /H must be a multiple of 4, got 3/);
});

test("clipping keeps what is small and cuts what is large to the threshold", () => {
  assert.deepEqual(clipped(0.5, 1), [0.5, 1]);
  assert.deepEqual(clipped(8, 2), [2, 0.25]);
});

test("fate and rate per step", () => {
  assert.deepEqual([1e-9, 0, 0.5, 1e5, Infinity].map(fate), ["gone", "gone", "alive", "huge", "huge"]);
  assert.ok(Math.abs(perStep(0.25, 2) - 0.5) < 1e-12);
});

test("the words say the numbers of the chosen steps, in both languages", () => {
  const found = { dh: new Float64Array([0.125, 0.5]), matrix: new Float64Array([1, NaN, 0.0321, 1]), gradient: 8 };
  for (const lang of ["ko", "en"]) {
    const label = translator(LABELS, lang);
    const apart = describe({ found, k: 1, t: 2, T: 2, loss: "last" }, label).join(" ");
    for (const part of ["h(1)", "h(2)", "0.125", "0.0321"]) assert.ok(apart.includes(part), `${part} in: ${apart}`);
    assert.ok(!/[{}]/.test(apart), apart);
    const same = describe({ found, k: 2, t: 2, T: 2, loss: "every" }, label).join(" ");
    assert.ok(same.includes("h(2)") && !/[{}]/.test(same), same);
    for (const clip of [null, 2, 20]) {
      const words = describeClipping(8, clip, label);
      assert.ok(words.includes("8.00") && !/[{}]/.test(words), words);
    }
  }
});
