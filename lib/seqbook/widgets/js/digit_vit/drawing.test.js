import assert from "node:assert/strict";
import { test } from "node:test";

import { FIELD, blank, counted, fitted, greyOf, pixelsOf, rowsOf, stroked } from "./drawing.js";

const inked = (drawing) => drawing.reduce((sum, each) => sum + each, 0);
const box = (drawing) => {
  const at = [...drawing.keys()].filter((each) => drawing[each]);
  const [rows, columns] = [at.map((each) => Math.floor(each / FIELD)), at.map((each) => each % FIELD)];
  return [Math.min(...rows), Math.max(...rows), Math.min(...columns), Math.max(...columns)];
};
function filled(top, bottom, left, right) {
  const made = blank();
  for (let r = top; r <= bottom; r += 1) made.fill(1, r * FIELD + left, r * FIELD + right + 1);
  return made;
}

test("rows of digits are a drawing, and back", () => {
  const drawing = filled(3, 4, 30, 31);
  assert.deepEqual(pixelsOf(rowsOf(drawing)), drawing);
  assert.equal(rowsOf(drawing)[3], `${"0".repeat(30)}11`);
});

test("a stroke is as long as its line and as thick as the pen, drawn either way; the rubber takes it off", () => {
  const down = stroked(blank(), [16, 8], [16, 24]);
  assert.deepEqual(box(down), [6, 25, 14, 17]);
  assert.deepEqual(stroked(blank(), [16, 24], [16, 8]), down);
  assert.equal(inked(stroked(blank(), [16, 16], [16, 16])), 12); // a dot
  assert.ok(inked(stroked(blank(), [16, 16], [16, 16], 1, 1)) < 12);
  const [once, again] = [filled(0, 31, 0, 31), stroked(down, [2, 2], [2, 2])];
  assert.equal(inked(stroked(once, [16, 8], [16, 24], 0)), 1024 - inked(down));
  assert.equal(inked(again), inked(down) + 12);
  assert.equal(inked(down), inked(stroked(blank(), [16, 8], [16, 24]))); // the given one is not written to
  assert.ok(inked(stroked(blank(), [-40, 3], [40, 3])) <= 4 * FIELD); // beyond the field
});

test("a block of 4×4 counts its ink", () => {
  const grey = counted(filled(4, 7, 8, 13));
  assert.deepEqual([grey.length, grey[8 + 2], grey[8 + 3], inked(grey)], [64, 16, 8, 24]);
});

test("a fitted drawing is as high as the frame, in its middle, at most 24 wide and twice as large", () => {
  assert.deepEqual(box(fitted(filled(2, 21, 0, 9))), [0, 31, 8, 23]); // 20×10 becomes 32×16
  assert.deepEqual(box(fitted(filled(0, 31, 0, 31))), [0, 31, 4, 27]);
  assert.deepEqual(box(fitted(filled(30, 31, 0, 3))), [14, 17, 12, 19]); // 2×4 becomes 4×8
  assert.deepEqual(box(fitted(filled(5, 30, 9, 9))), [0, 31, 15, 15]);
  assert.equal(inked(fitted(blank())), 0);
});

test("what is drawn keeps its shape when it is fitted", () => {
  const corner = filled(10, 25, 4, 7); // an L
  corner.fill(1, 24 * FIELD + 4, 24 * FIELD + 12);
  const made = fitted(corner);
  assert.deepEqual(box(made), [0, 31, 8, 23]);
  const at = (r, c) => made[r * FIELD + c];
  assert.deepEqual([at(0, 15), at(0, 16), at(28, 23), at(27, 23)], [1, 0, 1, 0]);
});

test("a new pixel takes the one that its middle comes from", () => {
  const striped = filled(4, 27, 4, 27); // 24 rows, the second of them empty
  striped.fill(0, 5 * FIELD, 6 * FIELD);
  const made = fitted(striped);
  const empty = Array.from({ length: FIELD }, (_, r) => r).filter((r) => !made[r * FIELD + 16]);
  assert.deepEqual(empty, [1, 2]);
});

test("an image is an example, grey values or a drawing", () => {
  const examples = [Array(64).fill(3)];
  assert.deepEqual([...greyOf(0, true, examples)], examples[0]);
  const grey = Array.from({ length: 8 }, (_, r) => Array.from({ length: 8 }, (_, c) => (r + c) % 17));
  assert.deepEqual([...greyOf(grey, true, examples)], grey.flat());
  const drawing = filled(2, 21, 0, 9);
  assert.deepEqual(greyOf(rowsOf(drawing), false, examples), counted(drawing));
  assert.deepEqual(greyOf(rowsOf(drawing), true, examples), counted(fitted(drawing)));
});
