import assert from "node:assert/strict";
import { test } from "node:test";

import { BOX, CHIP, edges, frame, head, line, neighbour, place, RADIUS } from "./layout.js";

test("as wide as there is room, but never so narrow or wide that numbers touch or columns fall apart", () => {
  assert.equal(frame(20, 1000).width, 1000);
  assert.equal(frame(48, 300).width, 48 * 39 + 8);
  assert.equal(frame(2, 900).width, 2 * 58 + 8);
});

test("nothing overlaps at the narrowest: states, letters and outputs of neighbours, and lines passing states", () => {
  const box = frame(48, 100);
  const [ahead] = place("forward", 2, box);
  const [back] = place("backward", 2, box);
  assert.ok(place("forward", 3, box)[0] - ahead > 2 * RADIUS + 10); // room for an arrow
  assert.ok(back - RADIUS > ahead + 1); // the line to the output passes the other reader's state
  assert.ok(ahead + RADIUS < back - 1);
  assert.ok(box.spacing > Math.max(BOX, CHIP.width));
  assert.ok(place("forward", 1, box)[0] - RADIUS > 1 && place("backward", 48, box)[0] + RADIUS < box.width - 1);
});

test("every letter leads to both states, every state to its output and its neighbour in its own direction", () => {
  const found = edges(3).map(({ kind, from, to }) => `${kind[0]} ${from.join("")} ${to.join("")}`);
  assert.equal(found.length, new Set(found).size);
  assert.equal(found.length, 2 * (3 + 2 + 2));
  assert.ok(found.includes("f forward1 forward2") && found.includes("b backward2 backward1"));
  assert.ok(!found.some((edge) => edge.includes("output3"))); // after the last letter nothing is asked
});

test("lines run from rim to rim the way information goes, and end in a head pointing there", () => {
  const box = frame(4, 200);
  for (const edge of edges(4)) {
    const [x1, y1, x2, y2] = line(edge, box);
    const recurrent = edge.from[0] === edge.to[0];
    const direction = recurrent ? (edge.kind === "forward" ? 1 : -1) : -1;
    assert.equal(Math.sign(recurrent ? x2 - x1 : y2 - y1), direction, JSON.stringify(edge));
    if (recurrent) { // from the near rim to the near rim
      assert.ok(Math.abs(x1 - place(...edge.from, box)[0] - direction * RADIUS) < 1e-9);
      assert.ok(Math.abs(place(...edge.to, box)[0] - x2 - direction * (RADIUS + 5)) < 1e-9);
    }
    const [tip] = head([x1, y1, x2, y2]).split(" ").map((corner) => corner.split(",").map(Number));
    assert.ok(Math.abs(tip[0] - x2 - (recurrent ? 5 * direction : 0)) < 1e-9);
    assert.ok(Math.abs(tip[1] - y2 - (recurrent ? 0 : 5 * direction)) < 1e-9);
  }
});

test("arrow keys go along letters and outputs, and between them", () => {
  assert.deepEqual(neighbour(["letter", 4], "ArrowUp", 4), ["output", 3]);
  assert.deepEqual(neighbour(["output", 3], "ArrowDown", 4), ["letter", 3]);
  assert.deepEqual(neighbour(["output", 3], "ArrowRight", 4), null);
  assert.deepEqual(neighbour(["letter", 3], "ArrowRight", 4), ["letter", 4]);
  assert.deepEqual(neighbour(["letter", 1], "ArrowLeft", 4), null);
  assert.deepEqual(neighbour(["output", 1], "ArrowUp", 4), null);
  assert.equal(neighbour(["output", 1], "Tab", 4), undefined);
});
