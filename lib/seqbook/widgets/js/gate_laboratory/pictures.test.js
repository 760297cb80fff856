import assert from "node:assert/strict";
import { test } from "node:test";

import { layout, thickness } from "./cell.js";
import { boundsOf, colourOf, reachOf } from "./quantities.js";
import { windowAround } from "./tape.js";
import { layOut, stepAt } from "./text-layout.js";
import { grid } from "./unit-map.js";

test("lines are as long as they may be, and end at line breaks", () => {
  const text = [..."abc\ndefgh"];
  const found = layOut(
    text.map(() => 1),
    (n) => text[n] === "\n",
    4,
  );
  assert.deepEqual(found.starts, [0, 4, 8]);
  assert.deepEqual([...found.line], [0, 0, 0, 0, 1, 1, 1, 1, 2]);
  assert.deepEqual([...found.column], [0, 1, 2, 3, 0, 1, 2, 3, 0]);
  assert.deepEqual(layOut([2, 2, 2], () => false, 5).starts, [0, 2]); // wide characters are not cut
  assert.deepEqual(layOut([9], () => false, 5).starts, [0]);
});

test("every step is found where it was put, and the nearest where there is none", () => {
  const found = layOut([1, 2, 1, 1, 2], (n) => n === 2, 6);
  for (let n = 0; n < 5; n += 1) assert.equal(stepAt(found, found.line[n], found.column[n]), n);
  assert.equal(stepAt(found, 0, 2), 1); // the second column of a wide one
  assert.equal(stepAt(found, 0, 99), 2);
  assert.equal(stepAt(found, 99, 0), 3);
  assert.equal(stepAt(found, -1, -5), 0);
  assert.equal(
    stepAt(
      layOut([], () => false, 4),
      0,
      0,
    ),
    null,
  );
});

test("the tape's window holds the chosen step and moves no more than it must", () => {
  assert.equal(windowAround(1, 10, 10, 1), 1);
  assert.equal(windowAround(50, 200, 40, 30), 30);
  assert.equal(windowAround(69, 200, 40, 30), 34);
  assert.equal(windowAround(200, 200, 40, 30), 161);
  assert.equal(windowAround(2, 200, 40, 30), 1);
  for (let t = 1; t <= 30; t += 1) {
    for (const count of [1, 2, 3, 7, 30]) {
      const first = windowAround(t, 30, count, 12);
      assert.ok(first >= 1 && first <= t && t < first + count && first + count - 1 <= 30, `${t} ${count}`);
    }
  }
});

test("the cell's parts stand in their order, apart from one another, on a phone as on a desk", () => {
  for (const width of [270, 300, 560]) {
    const { gates, box, middle, out, left, right } = layout(width);
    const edges = [
      left,
      ...["f", "i", "g", "o"].flatMap((gate) => [gates[gate] - box / 2, gates[gate] + box / 2]),
      right,
    ];
    assert.ok(
      edges.every((edge, n) => n === 0 || edges[n - 1] < edge),
      String(edges),
    );
    assert.ok(gates.f + 11 < middle - 11 && middle + 11 < out && gates.o + box / 2 <= out);
  }
  assert.ok(thickness(0, 2) > 0 && thickness(-1, 2) === thickness(1, 2) && thickness(99, 2) === thickness(2, 2));
});

test("all units have their cell in the grid", () => {
  for (const [count, width] of [
    [128, 600],
    [128, 270],
    [16, 600],
    [24, 270],
    [1, 100],
  ]) {
    const { columns, rows, size } = grid(count, width);
    assert.ok(
      columns * rows >= count && (rows - 1) * columns < count && columns * size <= width && size >= 14,
      `${count} in ${width}`,
    );
  }
});

test("colours: shut gates have none, signs have theirs, and a cell state is measured by its reach", () => {
  const alpha = (quantity, value, reach) => Number(colourOf(quantity, value, reach).match(/\/ ([\d.]+)\)/)[1]);
  assert.equal(alpha("f", 0, 1), 0);
  assert.ok(alpha("f", 0.4, 1) < alpha("f", 0.9, 1));
  assert.notEqual(colourOf("g", -0.5, 1), colourOf("g", 0.5, 1));
  assert.equal(colourOf("c", 3, 6), colourOf("g", 0.5, 1));
  assert.deepEqual(
    [boundsOf("i", 4), boundsOf("c", 4), boundsOf("h", 4)],
    [
      [0, 1],
      [-4, 4],
      [-1, 1],
    ],
  );
  const run = (...cells) => ({ steps: cells.map((c) => ({ c: [0, c] })) });
  assert.equal(reachOf(1, run(0.2, -3), run(2)), 3);
  assert.equal(reachOf(0, run(5)), 1);
});
