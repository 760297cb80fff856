import assert from "node:assert/strict";
import { test } from "node:test";

import { lstmStep, projectInput } from "../kit/lstm.js";
import { createRun } from "./run.js";

const [H, D] = [3, 2];
let seed = 1;
const random = () => {
  seed = (seed * 16807) % 2147483647;
  return seed / 1073741823.5 - 1;
};
const array = (length) => Float64Array.from({ length }, random);
const weights = { weight_ih: array(4 * H * D), weight_hh: array(4 * H * H), bias: array(4 * H) };
const inputs = (...numbers) => numbers.map((number) => ({ key: String(number), value: number }));
let calls = 0;
const project = ({ value }) => {
  calls += 1;
  return projectInput(weights, [value, 1]);
};
const INPUTS = inputs(0.5, -1, 2, 0.1, 0.7);

// Every step from the first, with the clamps of that step.
function whole(sequence, held = () => []) {
  let state = { h: new Float64Array(H), c: new Float64Array(H) };
  return sequence.map(
    ({ value }, n) => (state = lstmStep(weights, projectInput(weights, [value, 1]), state, held(n + 1))),
  );
}

test("a run equals the steps one after the other", () => {
  const run = createRun({ weights, project });
  run.read(INPUTS);
  assert.ok(run.advance(5));
  assert.deepEqual(run.steps, whole(INPUTS));
});

test("after an edit only the steps from there on are computed", () => {
  const run = createRun({ weights, project });
  run.read(INPUTS);
  run.advance(5);
  const kept = run.steps.slice(0, 3);
  const edited = [...INPUTS.slice(0, 3), ...inputs(9), ...INPUTS.slice(3)];
  calls = 0;
  run.read(edited);
  assert.equal(run.steps.length, 3);
  run.advance(6);
  assert.equal(calls, 3);
  assert.ok(kept.every((step, n) => step === run.steps[n]));
  assert.deepEqual(run.steps, whole(edited));
  run.read(edited.slice(0, 2));
  assert.equal(run.steps.length, 2);
});

test("clamps hold their steps; what comes before them is the base's own", () => {
  const base = createRun({ weights, project });
  const run = createRun({ weights, project, base });
  const clamps = [
    { gate: "f", value: 0, unit: null, start: 3, end: 4 },
    { gate: "i", value: 1, unit: 2, start: 4, end: null },
  ];
  const at = (t) => [...(t === 3 || t === 4 ? [clamps[0]] : []), ...(t >= 4 ? [clamps[1]] : [])];
  base.read(INPUTS);
  run.read(INPUTS, clamps);
  base.advance(5);
  calls = 0;
  run.advance(5);
  assert.equal(calls, 3);
  assert.ok([0, 1].every((n) => run.steps[n] === base.steps[n]));
  assert.deepEqual(run.steps, whole(INPUTS, at));
  run.read(INPUTS, [{ ...clamps[0], start: 2 }, clamps[1]]); // reaches further back: from its first step again
  assert.equal(run.steps.length, 1);
  run.advance(5);
  run.read(INPUTS, []); // and so when a clamp is gone
  run.advance(5);
  assert.deepEqual(run.steps, whole(INPUTS));
  run.read(INPUTS, [clamps[0]]); // what follows a clamp is no longer the base's
  run.advance(5);
  assert.deepEqual(
    run.steps,
    whole(INPUTS, (t) => (t === 3 || t === 4 ? [clamps[0]] : [])),
  );
});

test("a slice of time ends between two steps, and the next one goes on", () => {
  const run = createRun({ weights, project });
  run.read(INPUTS);
  let left = 2;
  const ended = () => (left -= 1) < 0;
  assert.equal(run.advance(5, ended), false);
  assert.equal(run.steps.length, 2);
  assert.ok(run.advance(5));
  assert.deepEqual(run.steps, whole(INPUTS));
});
