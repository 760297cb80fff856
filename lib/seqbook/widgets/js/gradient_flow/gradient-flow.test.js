import assert from "node:assert/strict";
import { test } from "node:test";

import { jacobianNorms, multiply } from "./chain.js";
import { clipped, describe, describeClipping, describeModels, fate, perStep } from "./describe.js";
import { LABELS } from "./labels.js";
import { translator } from "../kit/i18n.js";
import { gradients, MODELS } from "./models.js";
import { ACTIVATIONS } from "./rnn.js";

const [H, D, T] = [4, 3, 7];
let seed = 1;
const random = () => {
  seed = (seed * 16807) % 2147483647;
  return seed / 1073741823.5 - 1;
};
const array = (length) => Float64Array.from({ length }, random);
const DRAWN = {
  weight_ih: array(4 * H * D), gaussian: array(4 * H * H), bias: array(4 * H), x: array(T * D), direction: array(H),
};
const SETTINGS = {
  steps: T, weights: "gaussian", activation: "tanh", radius: 0.9, inputScale: 1.3, forgetBias: 0.5, loss: "last",
};
const close = (found, wanted) => assert.ok(Math.abs(found - wanted) < 1e-12, `${found} is not ${wanted}`);

// A network with parameters of its own, as MODELS takes it.
function made(name) {
  const G = { rnn: 1, lstm: 4, gru: 3 }[name];
  const weights = { weight_ih: array(G * H * D), weight_hh: array(G * H * H), bias: array(G * H), bias_hn: array(H) };
  return MODELS[name].network(weights, Array.from({ length: T }, () => array(D)), SETTINGS);
}

for (const name of Object.keys(MODELS)) {
  test(`${name}: one step back is the transpose of one step ahead`, () => {
    const network = made(name);
    const S = network.size;
    const identity = Float64Array.from({ length: S * S }, (_, i) => (i % (S + 1) === 0 ? 1 : 0));
    for (const t of [1, 4, T]) {
      const jacobian = new Float64Array(S * S);
      network.ahead(t, identity, jacobian);
      assert.ok(jacobian.some((entry) => Math.abs(entry) > 1e-3));
      for (let row = 0; row < S; row += 1) {
        const { before } = network.back(t, identity.slice(row * S, (row + 1) * S));
        for (let column = 0; column < S; column += 1) close(before[column], jacobian[row * S + column]);
      }
    }
  });

  test(`${name}: nothing flows from later to earlier steps`, () => {
    const { matrix } = gradients(name, DRAWN, SETTINGS);
    for (let t = 0; t < T; t += 1) for (let k = 0; k < T; k += 1) assert.equal(Number.isNaN(matrix[t * T + k]), k > t);
  });

  test(`${name}: a loss at the last step arrives there with its own size; more losses send more`, () => {
    const own = Math.hypot(...DRAWN.direction);
    const last = gradients(name, DRAWN, SETTINGS);
    const every = gradients(name, DRAWN, { ...SETTINGS, loss: "every" });
    close(last.dh[T - 1], own);
    close(every.dh[T - 1], own);
    assert.notEqual(every.dh[0], last.dh[0]);
  });

  test(`${name}: without the matrix the other numbers stay`, () => {
    const { matrix, ...others } = gradients(name, DRAWN, SETTINGS);
    assert.deepEqual(gradients(name, DRAWN, SETTINGS, { matrix: false }), others);
  });
}

test("with the identity every Jacobian between t and k is a power of W, of g's block", () => {
  const { matrix } = gradients("rnn", DRAWN, { ...SETTINGS, activation: "identity" });
  const weight = DRAWN.gaussian.slice(2 * H * H, 3 * H * H).map((value) => 0.9 * value);
  let power = Float64Array.from({ length: H * H }, (_, i) => (i % (H + 1) === 0 ? 1 : 0));
  for (let distance = 0; distance < T; distance += 1) {
    const expected = Math.hypot(...power) / Math.sqrt(H);
    for (let k = 0; k + distance < T; k += 1) close(matrix[(k + distance) * T + k], expected);
    power = power.map((_, i) => {
      const [row, column] = [Math.floor(i / H), i % H];
      return [0, 1, 2, 3].reduce((sum, m) => sum + weight[row * H + m] * power[m * H + column], 0);
    });
  }
});

test("the forget bias opens the way of the LSTM and the GRU and leaves the RNN alone", () => {
  const far = (name, forgetBias) => gradients(name, DRAWN, { ...SETTINGS, forgetBias }).dh[0];
  assert.equal(far("rnn", -2), far("rnn", 6));
  for (const name of ["lstm", "gru"]) assert.ok(far(name, 6) > 10 * far(name, -2), name);
});

test("each activation's derivative equals its finite difference", () => {
  for (const [name, [f, derivative]] of Object.entries(ACTIVATIONS)) {
    for (const a of [-1.3, -0.2, 0.4, 2.1]) {
      const difference = (f(a + 1e-6) - f(a - 1e-6)) / 2e-6;
      assert.ok(Math.abs(derivative(f(a)) - difference) < 1e-8, `${name} at ${a}`);
    }
  }
});

test("the fast product equals the plain one and refuses sizes it cannot take", () => {
  const [R, M, N] = [6, 3, 8];
  const [left, right, out] = [array(R * M), array(M * N), new Float64Array(R * N)];
  multiply(left, right, out, R, M, N);
  for (let i = 0; i < R; i += 1) {
    for (let j = 0; j < N; j += 1) {
      close(out[i * N + j], [0, 1, 2].reduce((sum, m) => sum + left[i * M + m] * right[m * N + j], 0));
    }
  }
  const ahead = (t, product, next) => multiply(left, product, next, 3, 3, 3);
  const message = /rows must be a multiple of 2 and columns of 4, got 3 and 3/;
  assert.throws(() => jacobianNorms(2, { size: 3, ahead }), message);
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
    const apart = describe({ found, k: 1, t: 2, T: 2, s: "s", loss: "last" }, label).join(" ");
    for (const part of ["s(1)", "s(2)", "0.125", "0.0321"]) assert.ok(apart.includes(part), `${part} in: ${apart}`);
    assert.ok(!/[{}]/.test(apart), apart);
    const same = describe({ found, k: 2, t: 2, T: 2, s: "h", loss: "every" }, label).join(" ");
    assert.ok(same.includes("h(2)") && !/[{}]/.test(same), same);
    for (const clip of [null, 2, 20]) {
      const words = describeClipping(8, clip, label);
      assert.ok(words.includes("8.00") && !/[{}]/.test(words), words);
    }
  }
});

test("every model drawn gets a line with its name and number, the others none", () => {
  const sizes = { lstm: new Float64Array([0.25, 1]), rnn: new Float64Array([0.001, 1]) };
  const [rnn, lstm, gru] = describeModels({ sizes, k: 1 }, translator(LABELS, "en"));
  assert.match(rnn, /^RNN\b.*0\.00100/);
  assert.match(lstm, /^LSTM\b.*0\.250/);
  assert.equal(gru, "");
});
