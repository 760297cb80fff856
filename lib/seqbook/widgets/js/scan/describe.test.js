import assert from "node:assert/strict";
import { test } from "node:test";

import { translator } from "../kit/i18n.js";
import { counted, describe } from "./describe.js";
import { LABELS } from "./labels.js";
import { frame, short, writtenBefore } from "./layout.js";
import { roundsOf, study } from "./rounds.js";

const scene = (time, more = {}) => {
  const x = [1, 2, 3, 4, 5, 6, 7, 8];
  const settings = { operation: "sum", method: "tree", steps: 8, decay: 0.5, x, target: 8, ...more };
  return { study: study(settings), time, label: translator(LABELS, "en"), ...settings };
};
const said = (...args) => describe(scene(...args)).map(([, text]) => text);

test("a round's words name how many operations it has and how far they reach", () => {
  assert.match(said(1)[0], /^Round 1: 4 operations .* what stands 1 to its left/);
  assert.match(said(3)[0], /^Round 3: a single operation.* stands 4 to its left/);
  assert.match(said(5)[1], /through after 5 rounds. The loop needs 7/);
  assert.match(said(6)[0], /through after 5 rounds/);
  assert.match(said(7)[0], /^Both .* 5 rounds and 11 operations, the loop with 7 rounds and 7/);
});

test("the followed result is named with its value, the sum's and the recurrence's", () => {
  assert.deepEqual(said(1, { target: 4 }).at(-1), "s(4) = 10.00");
  assert.deepEqual(said(1, { target: 3, operation: "recurrence" }).at(-1), "h(3) = 4.25");
});

test("counts go no further than what there is", () => {
  assert.deepEqual(counted(scene(2)), [["loop", "2 of 7", "2 of 7"], ["scan", "2 of 5", "6 of 11"]]);
  assert.deepEqual(counted(scene(7)), [["loop", "7 of 7", "7 of 7"], ["scan", "5 of 5", "11 of 11"]]);
});

test("where a place was written last, and numbers that fit into a circle", () => {
  const rounds = roundsOf(8, "tree");
  assert.deepEqual([1, 2, 3, 4, 5].map((round) => writtenBefore(rounds, 3, round)), [0, 1, 2, 2, 2]);
  assert.deepEqual([12, -3, 0.125, 12.345, 123.4, -0.001].map(short), ["12", "−3", "0.13", "12.3", "123", "0.00"]);
});

test("places share the room, but stay wide enough for a finger", () => {
  assert.equal(frame(8, 3, 320).spacing, 40);
  assert.equal(frame(16, 3, 320).spacing, 36);
  assert.equal(frame(2, 3, 900).width, 184);
});
