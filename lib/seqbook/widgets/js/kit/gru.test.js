import assert from "node:assert/strict";
import { test } from "node:test";

import { gruStep } from "./gru.js";

const near = (found, wanted) => assert.ok(Math.abs(found - wanted) < 1e-12, `${found} is not ${wanted}`);

test("one unit is what one counts by hand", () => {
  const [ar, az, an] = [0.3, -0.4, 0.7];
  const [Wr, Wz, Wn, b] = [0.5, 1.5, -2, 0.25];
  const weights = { weight_hh: Float64Array.of(Wr, Wz, Wn), bias_hn: Float64Array.of(b) };
  const before = 0.6;
  const sigma = (a) => 1 / (1 + Math.exp(-a));
  const [r, z] = [sigma(ar + Wr * before), sigma(az + Wz * before)];
  const n = Math.tanh(an + r * (Wn * before + b));
  const step = gruStep(weights, Float64Array.of(ar, az, an), Float64Array.of(before));
  for (const [name, wanted] of Object.entries({ r, z, n, m: Wn * before + b, h: (1 - z) * n + z * before })) {
    near(step[name][0], wanted);
  }
});

test("an open update gate keeps the state, a shut one replaces it", () => {
  const weights = { weight_hh: new Float64Array(12), bias_hn: new Float64Array(2) };
  const before = Float64Array.of(0.5, -0.25);
  const run = (z) => gruStep(weights, Float64Array.of(0, 0, z, z, 2, 2), before).h;
  assert.deepEqual([...run(800)], [...before]);
  for (const value of run(-800)) near(value, Math.tanh(2));
});
