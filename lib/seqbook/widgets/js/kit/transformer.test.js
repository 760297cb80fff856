import assert from "node:assert/strict";
import { test } from "node:test";

import {
  attend, attendBackward, attention, createTransformer, feedForward, layerNorm, layerNormBackward, linear,
  linearBackward, sinusoids,
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

test("queries may be fewer than the keys that they look at", () => {
  const [q, k, v] = [drawn(2 * E, 7), drawn(3 * E, 8), drawn(3 * E, 9)];
  const { out, weights } = attend(q, k, v, N, [[true, true, true], [true, false, true]]);
  assert.deepEqual([out.length, weights.length], [2 * E, N * 2 * 3]);
  const scores = [0, 1, 2].map((s) => [3, 4, 5].reduce((total, e) => total + q[e] * k[s * E + e], 0) / Math.sqrt(3));
  const raised = scores.map(Math.exp);
  const total = raised.reduce((one, other) => one + other, 0);
  near(weights.subarray(6, 9), raised.map((each) => each / total), 1e-12); // head 1, query 0
  near(out.subarray(3, 6),
    [3, 4, 5].map((e) => raised.reduce((sum, each, s) => sum + (each / total) * v[s * E + e], 0)));
  assert.equal(weights[10], 0); // head 1, query 1, key 1
});

const linearOf = (rows, columns, seed) => ({ weight: drawn(rows * columns, seed), bias: drawn(rows, seed + 0.5) });

test("attention adds to x what its heads gather, from memory where there is one; erased heads gather nothing", () => {
  const layers = Object.fromEntries(
    ["query", "key", "value", "output"].map((name, n) => [name, linearOf(E, E, 50 + n)]));
  const norm = { weight: drawn(E, 54), bias: drawn(E, 55) };
  const [x, memory] = [drawn(2 * E, 56), drawn(3 * E, 57)];
  const mask = [[true, true, true], [true, true, true]];
  const one = attention(x, layers, norm, N, mask, { memory });
  near(one.k, linear(memory, layers.key), 1e-12);
  near(one.y, linear(one.mixed, layers.output).map((each, at) => each + x[at]), 1e-12);
  const erased = attention(x, layers, norm, N, mask, { memory, erased: (head) => head === 1 });
  near(erased.mixed, one.mixed.map((each, at) => (at % E < 3 ? each : 0)), 1e-12);
  near(erased.weights, one.weights, 1e-12);
  assert.ok(erased.y.some((each, at) => Math.abs(each - one.y[at]) > 1e-3));
  const cold = attention(x, layers, norm, N, mask, { memory, temperature: 2 });
  near(cold.q, one.q, 1e-12);
  const half = one.weights.subarray(0, 3).map((each) => Math.sqrt(each)); // softmax(e/2) is in proportion to it
  near(cold.weights.subarray(0, 3), half.map((each) => each / half.reduce((sum, other) => sum + other)), 1e-9);
  const own = attention(x, layers, norm, N, [[true, false], [true, true]]);
  near(own.k, linear(layerNorm(x, norm).out, layers.key), 1e-12);
});

test("the feed-forward half adds to x, and nothing where all of it is below zero", () => {
  const [linear1, linear2] = [linearOf(4, E, 60), linearOf(E, 4, 62)];
  const norm = { weight: drawn(E, 64), bias: drawn(E, 65) };
  const x = drawn(E, 66);
  const hidden = linear(layerNorm(x, norm).out, linear1).map((each) => Math.max(0, each));
  near(feedForward(x, { linear1, linear2 }, norm).y, linear(hidden, linear2).map((each, at) => each + x[at]), 1e-12);
  const low = { weight: linear1.weight, bias: linear1.bias.map(() => -100) };
  near(feedForward(x, { linear1: low, linear2 }, norm).y, linear2.bias.map((each, at) => each + x[at]), 1e-12);
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
