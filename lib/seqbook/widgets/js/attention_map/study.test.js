import assert from "node:assert/strict";
import { test } from "node:test";

import { gruStep, gruStepBackward } from "../kit/gru.js";
import { SCORES } from "./network.js";
import { createStudy, giveWay, weightsOf } from "./study.js";
import { toySpecimen } from "./toy.js";

const near = (one, other, within = 1e-9) => assert.ok(Math.abs(one - other) <= within, `${one} is not ${other}`);
const sum = (values) => values.reduce((total, each) => total + each, 0);
const drawn = (length, seed) => Float64Array.from({ length }, (_, n) => Math.sin(12.9898 * (n + 1) + 78.233 * seed));

test("the others give way to a weight in proportion, and all add up to 1", () => {
  const moved = giveWay([0.5, 0.3, 0.2], 0, 0.9);
  [0.9, 0.06, 0.04].forEach((each, i) => near(moved[i], each));
  [0, 0.6, 0.4].forEach((each, i) => near(giveWay([0.5, 0.3, 0.2], 0, 0)[i], each));
  assert.deepEqual(giveWay([0, 1, 0], 1, 0.5), [0.25, 0.5, 0.25]); // nobody else had any
  assert.deepEqual(giveWay([1], 0, 0.2), [1]); // nobody is there to take the rest
  let row = [0.25, 0.25, 0.25, 0.25];
  for (let n = 0; n < 200; n += 1) row = giveWay(row, n % 4, (n % 11) / 10);
  near(sum(row), 1);
});

test("what is done to the weights", () => {
  const learned = Float64Array.of(0.5, 0.3, 0.2);
  assert.deepEqual(weightsOf(learned, "learned"), { weights: learned, byHand: false });
  assert.deepEqual([...weightsOf(learned, "shifted").weights], [0.2, 0.5, 0.3]);
  assert.equal(weightsOf(learned, "shifted").byHand, false);
  assert.deepEqual([...weightsOf(learned, "off", [1, 0, 0]).weights], [0, 0, 0]);
  assert.deepEqual([...weightsOf(learned, "uniform").weights], [1 / 3, 1 / 3, 1 / 3]);
  assert.deepEqual(weightsOf(learned, "uniform", [1, 0, 0]), { weights: Float64Array.of(1, 0, 0), byHand: true });
  assert.deepEqual(weightsOf(learned, "learned", [1, 0]).weights, learned); // a row of another text
});

test("every score's gradients are finite differences", () => {
  const [H, A] = [3, 2];
  const [weight, weight_query, weight_key, v] = [H * H, A * H, A * H, A].map((size, n) => drawn(size, n + 1));
  const parts = { H, weight, weight_query, weight_key, v };
  for (const [name, make] of Object.entries(SCORES)) {
    const { project, compare, back, projectBack } = make(parts);
    const [query, key] = [drawn(H, 5), drawn(H, 6)];
    const [dQuery, dProjected] = back(query, project(key), 2);
    const dKey = projectBack(dProjected);
    for (let u = 0; u < H; u += 1) {
      const moved = (vector, by) => vector.map((each, n) => each + (n === u ? by : 0));
      const slope = (f) => (2 * (f(1e-6) - f(-1e-6))) / 2e-6;
      near(dQuery[u], slope((by) => compare(moved(query, by), project(key))), 1e-8, name);
      near(dKey[u], slope((by) => compare(query, project(moved(key, by)))), 1e-8, name);
    }
  }
});

test("the way back through a GRU's step is finite differences", () => {
  const H = 3;
  const weights = { weight_hh: drawn(3 * H * H, 1), bias_hn: drawn(H, 2) };
  const [projected, before, dh] = [drawn(3 * H, 3), drawn(H, 4), drawn(H, 5)];
  const found = gruStepBackward(weights, gruStep(weights, projected, before), before, dh);
  const value = (x, h) => sum(gruStep(weights, x, h).h.map((each, u) => each * dh[u]));
  const moved = (vector, u, by) => vector.map((each, n) => each + (n === u ? by : 0));
  for (let u = 0; u < 3 * H; u += 1) {
    const slope = (value(moved(projected, u, 1e-6), before) - value(moved(projected, u, -1e-6), before)) / 2e-6;
    near(found.projected[u], slope, 1e-9);
  }
  for (let u = 0; u < H; u += 1) {
    const slope = (value(projected, moved(before, u, 1e-6)) - value(projected, moved(before, u, -1e-6))) / 2e-6;
    near(found.before[u], slope, 1e-9);
  }
});

const settings = {
  model: "toy", score: "dot", text: "a b c", temperature: 1, attention: "learned", moved: [], time: 1, output: "",
  unit: 0,
};
const get = (changes = {}) => (trait) => ({ ...settings, ...changes })[trait];

test("only what depends on a change is computed again", () => {
  const calls = {};
  const study = createStudy(toySpecimen(), 48, calls);
  study(get());
  study.back(get());
  assert.deepEqual(calls, { read: 1, write: 1, back: 1 });
  study(get({ time: 2 }));
  study(get({ unit: 3 }));
  study.back(get({ unit: 3 }));
  assert.deepEqual(calls, { read: 1, write: 1, back: 1 });
  study(get({ temperature: 2 }));
  assert.deepEqual(calls, { read: 1, write: 2, back: 1 });
  study.back(get({ output: "y" }));
  assert.deepEqual(calls, { read: 1, write: 3, back: 2 });
  study(get({ text: "a b" }));
  assert.deepEqual(calls, { read: 2, write: 4, back: 2 });
});

test("a score that a model was not trained with gives way to one that it was", () => {
  const study = createStudy(toySpecimen(), 48);
  assert.equal(study(get({ score: "additive" })).task.score, "dot");
});

test("without a text nothing is written, and no more is written than there may be", () => {
  const study = createStudy(toySpecimen(), 48);
  const none = study(get({ text: " \n" }));
  assert.equal(none.encoder, null);
  assert.deepEqual(none.steps, []);
  assert.equal(study.back(get({ text: "" })), null);
  const long = study(get({ text: "a b ".repeat(60) }));
  assert.equal(long.read.signs.length, 48);
  assert.equal(long.read.unread, 72);
  assert.ok(long.steps.length <= 6);
});

test("a gradient goes no further than to weights that are set by hand", () => {
  const study = createStudy(toySpecimen(), 48);
  const free = study.back(get());
  assert.ok(free.dScores.some((each) => each !== 0));
  const row = { step: 1, weights: [0.2, 0.3, 0.5] };
  for (const changes of [{ attention: "uniform" }, { attention: "off" }, { moved: [row] }]) {
    const back = study.back(get(changes));
    assert.ok(back.dScores.every((each) => each === 0));
    assert.equal(back.dWeights.some((each) => each !== 0), changes.attention !== "off");
  }
  near(sum(free.dScores), 0); // a softmax does not feel what is added to all scores
});
