import assert from "node:assert/strict";
import { test } from "node:test";

import {
  attend, attendBackward, createTransformer, layerNorm, layerNormBackward, linear, linearBackward, sinusoids,
} from "./transformer.js";

// Numbers that look drawn and are the same every time.
function drawn(length, seed) {
  return Float64Array.from({ length }, (_, n) => Math.sin(12.9898 * (n + 1) + 78.233 * seed) * 0.9);
}
const near = (found, wanted, tolerance = 1e-7) =>
  wanted.forEach((each, n) => assert.ok(Math.abs(found[n] - each) < tolerance, `${n}: ${found[n]} is not ${each}`));

// The gradient of Σ weights ∘ f(x), by nudging each number of x.
function nudged(f, x, weights) {
  const value = () => f(x).reduce((sum, each, n) => sum + each * weights[n], 0);
  return [...x].map((kept, n) => {
    x[n] = kept + 1e-5;
    const up = value();
    x[n] = kept - 1e-5;
    const slope = (up - value()) / 2e-5;
    x[n] = kept;
    return slope;
  });
}

const MASK = [[1, 0, 0, 1], [1, 1, 0, 0], [0, 0, 0, 0], [0, 1, 1, 1]].map((row) => row.map(Boolean));
const [T, E, N] = [4, 6, 2];

test("a linear layer and its gradient", () => {
  const layer = { weight: Float64Array.of(1, 2, 3, 4, 5, 6), bias: Float64Array.of(10, 20) };
  near(linear(Float64Array.of(1, 0, -1, 0, 1, 0), layer), [8, 18, 12, 25]);
  const [x, dout] = [drawn(6, 1), drawn(4, 2)];
  near(linearBackward(dout, layer), nudged((each) => linear(each, layer), x, dout));
});

test("a normalised token has mean 0 and variance 1, and the gradient is its own", () => {
  const layer = { weight: drawn(E, 3), bias: drawn(E, 4) };
  const [x, dout] = [drawn(T * E, 5), drawn(T * E, 6)];
  const made = layerNorm(x, layer);
  const token = [...made.xHat.subarray(E, 2 * E)];
  near([token.reduce((sum, each) => sum + each, 0), token.reduce((sum, each) => sum + each ** 2, 0)], [0, E], 1e-3);
  near(layerNormBackward(dout, made, layer), nudged((each) => layerNorm(each, layer).out, x, dout));
});

test("weights are 0 where a query may not look, else they add up to 1; nothing to look at gives zeros", () => {
  const [q, k, v] = [7, 8, 9].map((seed) => drawn(T * E, seed));
  const { out, weights } = attend(q, k, v, N, MASK);
  for (let n = 0; n < N; n += 1) {
    MASK.forEach((row, t) => {
      const own = [...weights.subarray((n * T + t) * T, (n * T + t + 1) * T)];
      row.forEach((may, s) => assert.equal(own[s] > 0, may));
      near([own.reduce((sum, each) => sum + each, 0)], [row.some(Boolean) ? 1 : 0], 1e-12);
    });
  }
  assert.deepEqual([...out.subarray(2 * E, 3 * E)], Array(E).fill(0));
  near(out.subarray(0, 3), [0, 1, 2].map((e) => weights[0] * v[e] + weights[3] * v[3 * E + e]), 1e-12); // head 0
});

test("the gradient of attention", () => {
  const given = [7, 8, 9].map((seed) => drawn(T * E, seed));
  const dout = drawn(T * E, 10);
  const { weights } = attend(...given, N, MASK);
  const [q, k, v] = given;
  attendBackward(dout, { q, k, v, weights }, N).forEach((found, at) => {
    near(found, nudged(() => attend(...given, N, MASK).out, given[at], dout));
  });
});

test("positions are sinusoids, before the first token, too", () => {
  near(sinusoids(2, 4, -1), [Math.sin(-1), Math.cos(-1), Math.sin(-0.01), Math.cos(-0.01), 0, 1, 0, 1], 1e-15);
});

const SIZES = { query: [E, E], key: [E, E], value: [E, E], output: [E, E] };
function arrays(V) {
  const found = { "tokens.embedding.weight": drawn(V * E, 20), "stack.norm.weight": drawn(E, 21),
    "stack.norm.bias": drawn(E, 22), "output.weight": drawn(V * E, 23), "output.bias": drawn(V, 24) };
  for (const layer of [0, 1]) {
    const named = { ...Object.fromEntries(Object.entries(SIZES).map(([name, size]) => [`attention.${name}`, size])),
      "feed_forward.linear1": [8, E], "feed_forward.linear2": [E, 8], norm1: [0, E], norm2: [0, E] };
    Object.entries(named).forEach(([name, [rows, columns]], n) => {
      const at = `stack.blocks.${layer}.${name}`;
      found[`${at}.weight`] = drawn((rows || 1) * columns, 30 + 20 * layer + n);
      found[`${at}.bias`] = drawn(rows || columns, 40 + 20 * layer + n);
    });
  }
  return Object.fromEntries(Object.entries(found).map(([name, values]) => [name, { values }]));
}

test("the whole: the gradient of a token's vector, through one block and two", () => {
  const V = 5;
  const given = arrays(V);
  const embedding = given["tokens.embedding.weight"].values;
  const ids = [1, 3, 0, 4];
  for (const layers of [1, 2]) {
    const network = createTransformer(given, N);
    const { logits, weights, cache } = network.forward(ids, MASK, { layers });
    assert.deepEqual([logits.length, weights.length], [T * V, layers]);
    const dlogits = drawn(T * V, 11);
    const dx = network.backward(dlogits, cache);
    ids.forEach((id, t) => {
      const slopes = nudged(() => network.forward(ids, MASK, { layers }).logits,
        embedding.subarray(id * E, (id + 1) * E), dlogits).map((each) => each / Math.sqrt(E));
      near(dx.subarray(t * E, (t + 1) * E), slopes, 1e-6);
    });
  }
});
