import assert from "node:assert/strict";
import { test } from "node:test";

import {
  bandPath, brokenPath, line, positionTicks, rangeOf, rimPath, roundTicks, seenRim, tip, trackAt, TRACKS,
} from "./layout.js";
import { positionByKey } from "./line-view.js";

test("under the middle of a position's column lies that position, and beyond the ends the last ones", () => {
  for (const last of [63, 255]) {
    for (const width of [280, 900]) {
      const { at, under, right } = line(last, width);
      for (let p = 0; p <= last; p += 1) assert.equal(under(at(p)), p);
      assert.deepEqual([under(-50), under(width + 50)], [0, last]);
      assert.ok(right <= width);
    }
  }
  assert.deepEqual(TRACKS.map(trackAt), [0, 1]);
});

test("keys lead along the line and no further", () => {
  const from = (key, p = 60) => positionByKey(key, p, 63);
  assert.deepEqual(["ArrowRight", "ArrowLeft", "PageUp", "PageDown", "Home", "End", "a"].map((key) => from(key)),
    [61, 59, 63, 50, 0, 63, null]);
  assert.equal(from("ArrowLeft", 0), 0);
});

test("ticks are round and keep apart", () => {
  assert.deepEqual(roundTicks(-3.2, 16.9), [0, 5, 10, 15]);
  assert.deepEqual(roundTicks(-0.5, 0.5).map((each) => each.toFixed(1)), ["-0.4", "-0.2", "0.0", "0.2", "0.4"]);
  assert.ok(roundTicks(-0.5, 0.5).includes(0) && !roundTicks(-0.5, 0.5).some((each) => Object.is(each, -0)));
  for (const [last, across] of [[63, 230], [63, 700], [255, 230], [255, 850]]) {
    const ticks = positionTicks(last, across);
    assert.deepEqual([ticks[0], ticks.at(-1)], [0, last]);
    ticks.slice(1).forEach((p, n) => assert.ok(((p - ticks[n]) * across) / (last + 1) > 26, `${ticks} in ${across}`));
  }
});

test("a range has 0 in it and skips what is no value", () => {
  assert.deepEqual(rangeOf([NaN, 10], [5, NaN]), [0, 10.6]);
  const [low, high] = rangeOf([-10, 10]);
  assert.ok(low < -10 && high > 10);
  assert.deepEqual(rangeOf([NaN]), [0, 0.06]);
});

test("paths leave out what is no value", () => {
  assert.equal(brokenPath(Float64Array.of(NaN, 1, 2, NaN, 3), (n) => n, (y) => -y), "M1.0 -1.0L2.0 -2.0M4.0 -3.0");
  assert.equal(bandPath(Float64Array.of(NaN, 1, 1), [NaN, 2, 3], (n) => n, (y) => y), "M1.0 2.0L2.0 3.0L2.0 1.0L1.0 1.0Z");
  assert.equal(bandPath([NaN], [NaN], Number, Number), "");
});

test("a hand [x, y] points right and up, and the longest ends inside the rim", () => {
  const clock = { middle: 25, radius: 20 };
  assert.deepEqual(tip([0, 1], 1, clock), [25, 7]);
  assert.deepEqual(tip([-2, 0], 4, clock), [16, 25]);
  assert.deepEqual(tip([0, 0], 0, clock), [25, 25]);
});

test("the rim that training saw: from 12 o'clock on for sinusoids, to both sides of home for rotary ones", () => {
  const clock = { middle: 0, radius: 1 };
  const [from, to] = seenRim("sinusoidal", 0.01, 63);
  assert.equal(to, Math.PI / 2);
  assert.ok(Math.abs(to - from - 0.63) < 1e-12);
  const [left, right] = seenRim("rotary", 0.01, 63, [0, 2]);
  assert.ok(Math.abs((left + right) / 2 - Math.PI / 2) < 1e-12 && Math.abs(right - left - 1.26) < 1e-12);
  assert.equal(rimPath(0, Math.PI / 2, clock), "M1.00 0.00A1 1 0 0 0 0.00 -1.00");
  assert.equal(rimPath(0, (3 * Math.PI) / 2, clock), "M1.00 0.00A1 1 0 1 0 -0.00 1.00");
  assert.equal(rimPath(1, 60, clock).match(/A/g).length, 2);
});
