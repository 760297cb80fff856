import assert from "node:assert/strict";
import { test } from "node:test";

import { lstmStep, projectInput } from "./lstm.js";

const sigmoid = (a) => 1 / (1 + Math.exp(-a));
// H = 2, D = 3; rows i0 i1 f0 f1 g0 g1 o0 o1
const WEIGHTS = {
  weight_ih: Float64Array.from({ length: 24 }, (_, n) => Math.sin(n + 1)),
  weight_hh: Float64Array.from({ length: 16 }, (_, n) => Math.cos(2 * n)),
  bias: Float64Array.from({ length: 8 }, (_, n) => 0.3 - 0.1 * n),
};
const X = Float64Array.of(0.5, -1, 2);
const BEFORE = { h: Float64Array.of(0.4, -0.7), c: Float64Array.of(1.5, -0.2) };
const step = (clamps, before = BEFORE) => lstmStep(WEIGHTS, projectInput(WEIGHTS, X), before, clamps);
const close = (found, wanted) => assert.ok(Math.abs(found - wanted) < 1e-14, `${found} is not ${wanted}`);

test("a step by hand: each gate reads its own rows, in the order i, f, g, o", () => {
  const argument = (row) =>
    WEIGHTS.bias[row] + [0, 1, 2].reduce((sum, d) => sum + WEIGHTS.weight_ih[3 * row + d] * X[d], 0)
    + [0, 1].reduce((sum, m) => sum + WEIGHTS.weight_hh[2 * row + m] * BEFORE.h[m], 0);
  const found = step();
  for (const u of [0, 1]) {
    close(found.i[u], sigmoid(argument(u)));
    close(found.f[u], sigmoid(argument(2 + u)));
    close(found.g[u], Math.tanh(argument(4 + u)));
    close(found.o[u], sigmoid(argument(6 + u)));
    close(found.c[u], found.f[u] * BEFORE.c[u] + found.i[u] * found.g[u]);
    close(found.h[u], found.o[u] * Math.tanh(found.c[u]));
  }
});

test("f open and i shut keep the cell state; f shut and i open replace it", () => {
  const kept = step([{ gate: "f", value: 1, unit: null }, { gate: "i", value: 0, unit: null }]);
  assert.deepEqual([...kept.c], [...BEFORE.c]);
  const replaced = step([{ gate: "f", value: 0, unit: null }, { gate: "i", value: 1, unit: null }]);
  assert.deepEqual([...replaced.c], [...replaced.g]);
});

test("a clamp on one unit leaves the others' numbers alone, and the later of two counts", () => {
  const free = step();
  const held = step([{ gate: "o", value: 0.9, unit: 1 }, { gate: "o", value: 0.25, unit: 1 }]);
  assert.equal(held.o[1], 0.25);
  close(held.h[1], 0.25 * Math.tanh(free.c[1]));
  for (const name of ["i", "f", "g", "c"]) assert.deepEqual(held[name], free[name]);
  assert.equal(held.o[0], free.o[0]);
  assert.equal(held.h[0], free.h[0]);
});

test("nothing given is written to, and huge arguments saturate", () => {
  const before = { h: Float64Array.of(1e5, -1e5), c: Float64Array.of(2, 3) };
  const found = step([{ gate: "g", value: -1, unit: 0 }], before);
  assert.deepEqual([[...before.h], [...before.c]], [[1e5, -1e5], [2, 3]]);
  for (const values of Object.values(found)) assert.ok(values.every(Number.isFinite));
});
