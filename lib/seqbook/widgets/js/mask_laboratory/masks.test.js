import assert from "node:assert/strict";
import { test } from "node:test";

import { digits, knows, line, maskOf, maskOfTraining, neighbour, painted } from "./masks.js";

const named = (name, pads = 0) => digits(maskOf(name, 3, pads));

test("ready-made masks", () => {
  assert.deepEqual(named("causal"), ["100", "110", "111"]);
  assert.deepEqual(named("off_by_one"), ["110", "111", "111"]);
  assert.deepEqual(named("strict"), ["000", "100", "110"]);
  assert.deepEqual(named("transposed"), ["111", "011", "001"]);
  assert.deepEqual(named("inverted"), ["011", "001", "000"]);
  assert.deepEqual(named("padding", 1), ["000", "010", "011"]);
  assert.deepEqual(named("padding_in_query", 1), ["000", "110", "111"]);
  assert.deepEqual([named("open"), named("closed")], [["111", "111", "111"], ["000", "000", "000"]]);
});

test("what is painted counts, and beyond it the causal mask", () => {
  assert.deepEqual(digits(maskOf(["01", "00"], 4, 0)), ["0100", "0000", "1110", "1111"]);
  assert.deepEqual(digits(maskOf(["011", "000", "111"], 2, 0)), ["01", "00"]);
});

test("training hides the padding", () => {
  assert.deepEqual(digits(maskOfTraining("causal", 3, 1)), ["000", "010", "011"]);
  assert.deepEqual(digits(maskOfTraining("leak", 3, 1)), ["010", "011", "011"]);
});

test("painting leaves the old mask as it was", () => {
  const mask = maskOf("closed", 2, 0);
  assert.deepEqual(digits(painted(mask, [[0, 1], [1, 1]], true)), ["01", "01"]);
  assert.deepEqual(digits(mask), ["00", "00"]);
});

test("what a position can know grows with every block, and its own token is never lost", () => {
  const chain = maskOf(["0000", "1000", "0100", "0010"], 4, 0); // each looks only at the one before
  assert.deepEqual(digits(knows(chain, 1)), ["1000", "1100", "0110", "0011"]);
  assert.deepEqual(digits(knows(chain, 2)), ["1000", "1100", "1110", "0111"]);
  const leak = maskOf("off_by_one", 4, 0);
  assert.deepEqual(digits(knows(leak, 2)), ["1110", "1111", "1111", "1111"]); // one step further with every block
  const causal = maskOf("causal", 4, 0);
  assert.deepEqual(knows(causal, 2), causal);
});

test("a fast pointer leaves no gaps", () => {
  assert.deepEqual(line([2, 2], [2, 2]).at(-1), [2, 2]);
  assert.deepEqual(line([0, 0], [0, 3]), [[0, 0], [0, 1], [0, 2], [0, 3]]);
  const diagonal = line([5, 1], [1, 3]);
  assert.deepEqual([diagonal[0], diagonal.at(-1), diagonal.length], [[5, 1], [1, 3], 5]);
});

test("keys lead to neighbours and ends, and stay on the board", () => {
  assert.deepEqual(neighbour("ArrowLeft", [1, 0], 3), [1, 0]);
  assert.deepEqual(neighbour("ArrowDown", [1, 0], 3), [2, 0]);
  assert.deepEqual(["Home", "End", "PageUp", "PageDown"].map((key) => neighbour(key, [1, 1], 3)),
    [[1, 0], [1, 2], [0, 1], [2, 1]]);
  assert.equal(neighbour("a", [0, 0], 3), undefined);
});
