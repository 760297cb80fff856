import assert from "node:assert/strict";
import { test } from "node:test";

import { projectInput } from "../kit/lstm.js";
import { readNumbers } from "./specimens.js";
import { createStudy, unitAt } from "./study.js";

const [H, D] = [3, 2];
let seed = 5;
const random = () => {
  seed = (seed * 16807) % 2147483647;
  return seed / 1073741823.5 - 1;
};
const array = (length) => Float64Array.from({ length }, random);
const TEXT = "0.5 0.25* 0.75 0.1* 0.9";
const CLAMP = { gate: "f", value: 0, unit: null, start: 4, end: 4 };

// A study of a small network that counts the texts it reads and the steps it computes.
function counted() {
  const weights = { weight_ih: array(4 * H * D), weight_hh: array(4 * H * H), bias: array(4 * H) };
  const calls = { texts: 0, steps: 0 };
  const network = {
    H, predicts: "number", weights,
    read(text) {
      calls.texts += 1;
      return readNumbers(text, 100);
    },
    project({ value, marker }) {
      calls.steps += 1;
      return projectInput(weights, [value, marker]);
    },
  };
  const study = createStudy(network);
  // What taking a text and clamps, and computing all of it, costs: [texts read, steps computed].
  const take = (text, clamps = []) => {
    Object.assign(calls, { texts: 0, steps: 0 });
    study.take(text, clamps);
    study.advance(study.steps.length);
    return [calls.texts, calls.steps];
  };
  return { study, take };
}

test("the same text and clamps are read and computed once, whatever else is drawn anew", () => {
  const { study, take } = counted();
  assert.deepEqual(take(TEXT), [1, 5]);
  assert.deepEqual(take(TEXT), [0, 0]);
  assert.ok(study.isComplete());
  assert.deepEqual(take(TEXT, [CLAMP]), [0, 2]); // from the clamp on
  assert.deepEqual(take(TEXT, [{ ...CLAMP }]), [0, 0]);
  assert.deepEqual(take(TEXT), [0, 0]); // released: as learned was there all along
  assert.deepEqual(take(`${TEXT} 0.2`), [1, 1]);
});

test("without clamps the run as learned is shown, with them the held one", () => {
  const { study, take } = counted();
  take(TEXT);
  assert.equal(study.shown, study.free);
  take(TEXT, [CLAMP]);
  assert.notEqual(study.shown, study.free);
  assert.equal(unitAt(study.shown, 4, 1).f, 0);
  assert.notEqual(unitAt(study.free, 4, 1).f, 0);
  assert.equal(unitAt(study.shown, 4, 1).before, study.free.steps[2].c[1]);
  assert.equal(unitAt(study.free, 1, 0).before, 0);
  assert.equal(unitAt(study.free, 6, 0), null);
});

test("the units are ordered anew only for another text, feature or quantity", () => {
  const { study, take } = counted();
  take(TEXT);
  assert.equal(study.isOrdered("sum", "c"), false);
  study.rank("sum", "c");
  const sizes = study.order.map(({ r }) => Math.abs(r));
  assert.deepEqual(sizes, [...sizes].sort((a, b) => b - a));
  take(TEXT, [CLAMP]);
  assert.ok(study.isOrdered("sum", "c"));
  assert.equal(study.isOrdered("sum", "f"), false);
  assert.equal(study.isOrdered("step", "c"), false);
  study.rank("unit", "c");
  assert.deepEqual(study.order, [0, 1, 2].map((unit) => ({ unit, r: null })));
  take(`${TEXT} 0.2`);
  assert.equal(study.isOrdered("unit", "c"), false);
});

test("a feature that is the same at every step orders nothing", () => {
  const { study, take } = counted();
  take("0.5 0.25");
  assert.deepEqual([study.isAbsent("marks"), study.isAbsent("number"), study.isAbsent("unit")], [true, false, false]);
});
