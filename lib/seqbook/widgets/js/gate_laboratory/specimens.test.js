import assert from "node:assert/strict";
import { test } from "node:test";

import {
  drawNumbers,
  markedSum,
  readCharacters,
  readNumbers,
  stepsBefore,
  toggleMarker,
} from "./specimens.js";

const IDS = new Map([
  ["a", 1],
  ["(", 2],
]);

test("every character is a step; those without an id are unknown", () => {
  const { steps, unread } = readCharacters("a😀(<", IDS);
  assert.deepEqual(
    steps.map(({ label, start, end, known, key }) => [label, start, end, known, key]),
    [
      ["a", 0, 1, true, 1],
      ["😀", 1, 3, false, 0],
      ["(", 3, 4, true, 2],
      ["<", 4, 5, false, 0],
    ],
  );
  assert.equal(unread, 0);
  assert.deepEqual(readCharacters("", IDS).steps, []);
  assert.deepEqual(
    [0, 1, 2, 3, 5].map((caret) => stepsBefore(steps, caret)),
    [0, 1, 1, 2, 4],
  );
});

const LIMIT = 300;

test("what goes beyond the limit is counted, not read", () => {
  const { steps, unread } = readCharacters("😀".repeat(100_000), IDS, LIMIT);
  assert.equal(steps.length, LIMIT);
  assert.equal(unread, 100_000 - LIMIT);
  assert.equal(readNumbers("1 ".repeat(LIMIT + 7), LIMIT).unread, 7);
});

test("numbers carry their mark; what is none is read as an unmarked 0 and said to be unknown", () => {
  const { steps } = readNumbers(" 0.5\t.25*\n-1* 3. x 1e9 Infinity 0.5** 99999999 ");
  assert.deepEqual(
    steps.map(({ value, marker, known }) => [value, marker, known]),
    [[0.5, 0, true], [0.25, 1, true], [-1, 1, true], [3, 0, true], ...Array(5).fill([0, 0, false])],
  );
  assert.equal(markedSum(steps), -0.75);
  assert.equal(new Set(steps.slice(4).map(({ key }) => key)).size, 1);
});

test("a mark goes on and comes off again", () => {
  const text = "0.1 0.2 0.3";
  const marked = toggleMarker(text, readNumbers(text).steps[1]);
  assert.equal(marked, "0.1 0.2* 0.3");
  assert.equal(toggleMarker(marked, readNumbers(marked).steps[1]), text);
});

test("drawn numbers are an adding problem: below 1, one mark in each half", () => {
  for (const count of [2, 3, 20]) {
    for (let draw = 0; draw < 50; draw += 1) {
      const { steps } = readNumbers(drawNumbers(count));
      const half = Math.floor(count / 2);
      assert.equal(steps.length, count);
      assert.ok(steps.every(({ value, known }) => known && value >= 0 && value <= 1));
      assert.equal(markedSum(steps.slice(0, half).map((step) => ({ ...step, value: 1 }))), 1);
      assert.equal(markedSum(steps.slice(half).map((step) => ({ ...step, value: 1 }))), 1);
    }
  }
});
