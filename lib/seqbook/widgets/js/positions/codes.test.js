import assert from "node:assert/strict";
import { test } from "node:test";

import {
  between, coder, dimensions, dot, inPairs, joined, LAST, placed, turned, TRAINED, underTheOther, unseen,
} from "./codes.js";

const SETTINGS = { kind: "sinusoidal", pairing: "neighbours", pairs: 4, base: 10000, stretch: 1, vectors: "drawn" };
const ROWS = Array.from({ length: TRAINED }, (_, p) => [p, -p, 2 * p, 1]);
const DRAWN = [[0.5, -1, 2, 0.25, 1, 1.5, -0.5, 3], [1, 0.75, -2, 0.5, -1, 2, 1, 0.125]];
const made = (changes) => coder({ rows: ROWS, drawn: DRAWN }, { ...SETTINGS, ...changes });
const near = (one, other, message) => assert.ok(Math.abs(one - other) < 1e-12, `${message}: ${one} ${other}`);

test("both pairings name every dimension once, and joining undoes them", () => {
  assert.deepEqual(dimensions(3, "neighbours"), [[0, 1], [2, 3], [4, 5]]);
  assert.deepEqual(dimensions(3, "halves"), [[0, 3], [1, 4], [2, 5]]);
  const code = [10, 11, 12, 13, 14, 15];
  assert.deepEqual(inPairs(code, "halves"), [[10, 13], [11, 14], [12, 15]]);
  for (const pairing of ["neighbours", "halves"]) assert.deepEqual(joined(inPairs(code, pairing), pairing), code);
});

test("a sinusoid's hand begins at 12 o'clock and runs as clocks do; a rotary one turns the other way", () => {
  assert.deepEqual(made({}).query(0), Array(4).fill([0, 1]));
  const [x, y] = made({}).query(1)[0];
  assert.ok(x > 0 && y > 0 && y < 1);
  near(x, Math.sin(1), "one radian a position");
  near(made({}).query(3)[2][0], Math.sin(3 * 10000 ** -0.5), "pair 2 of 4");
  const { query } = made({ kind: "rotary", vectors: "ones" });
  near(query(1)[0][0], Math.cos(1) - Math.sin(1), "rotary");
  near(query(1)[0][1], Math.sin(1) + Math.cos(1), "rotary");
});

test("the dot product depends on the distance alone, for sinusoids and for rotary ones", () => {
  for (const kind of ["sinusoidal", "rotary"]) {
    for (const pairing of ["neighbours", "halves"]) {
      const { query, key } = made({ kind, pairing });
      for (const distance of [-9, 0, 4]) {
        const wanted = dot(query(20), key(20 + distance));
        for (const p of [9, 50, 200]) near(dot(query(p), key(p + distance)), wanted, `${kind} ${pairing} ${distance}`);
      }
    }
  }
  const { query, key } = made({ kind: "rotary" });
  assert.ok(Math.abs(dot(query(20), key(24)) - dot(query(24), key(20))) > 0.1); // and on its sign
});

test("a shift turns every hand by its own angle", () => {
  for (const [kind, sign] of [["sinusoidal", -1], ["rotary", 1]]) {
    const { query, perPosition } = made({ kind, stretch: 2 });
    query(30).forEach((hand, i) => {
      const there = turned(query(7)[i], (sign * 23 * perPosition[i]) / 2);
      hand.forEach((value, n) => near(there[n], value, `${kind} ${i}`));
    });
  }
});

test("a stretched position has the code of another; a learned one lies between two rows, and there is an end", () => {
  assert.deepEqual(made({ stretch: 4 }).query(100), made({}).query(25));
  assert.deepEqual(between(ROWS, 12), [12, -12, 24, 1]);
  assert.deepEqual(between(ROWS, 12.25), [12.25, -12.25, 24.5, 1]);
  assert.deepEqual(between(ROWS, 63), [63, -63, 126, 1]);
  assert.equal(between(ROWS, 63.01), null);
  const { query, perPosition, pairs } = made({ kind: "learned", stretch: 2 });
  assert.deepEqual(query(126), [[63, -63], [126, 1]]);
  assert.equal(query(127), null);
  assert.equal(perPosition, null);
  assert.equal(pairs, 2);
});

test("the other pairing gives another dot product, and the same one where the dimensions are reordered for it", () => {
  for (const pairing of ["neighbours", "halves"]) {
    const settings = { ...SETTINGS, kind: "rotary", pairing };
    const { query, key } = made(settings);
    const wanted = dot(query(10), key(17));
    const { same, reordered } = underTheOther(DRAWN, settings, [10, 17]);
    near(reordered, wanted, pairing);
    assert.ok(Math.abs(same - wanted) > 0.1, pairing);
  }
});

test("what training never had: a slow sinusoid beyond 63, a rotary angle beyond distance 63, a missing row", () => {
  const of = (kind, places, stretch = 1) =>
    unseen({ kind, stretch }, made({ kind, stretch }), places).map((row) => row.map(Number));
  assert.deepEqual(of("sinusoidal", [63, 10]), [[0, 0, 0, 0], [0, 0, 0, 0]]);
  assert.deepEqual(of("sinusoidal", [64, 10]), [[0, 0, 1, 1], [0, 0, 0, 0]]); // pair 1 gets round in 62.8
  assert.deepEqual(of("sinusoidal", [126, 252], 4), [[0, 0, 0, 0], [0, 0, 0, 0]]);
  assert.deepEqual(of("rotary", [163, 100]), [[0, 0, 0, 0], [0, 0, 0, 0]]);
  assert.deepEqual(of("rotary", [100, 164]), [[0, 0, 1, 1], [0, 0, 1, 1]]);
  assert.deepEqual(of("rotary", [100, 164], 2), [[0, 0, 0, 0], [0, 0, 0, 0]]);
  const settings = { kind: "rotary", pairs: 2, base: 1000 }; // pair 1 gets round in 198.7
  assert.deepEqual(unseen({ ...SETTINGS, ...settings }, made(settings), [0, 180])[0], [false, false]);
  assert.deepEqual(unseen({ ...SETTINGS, ...settings }, made(settings), [0, 100])[0], [false, true]);
  assert.deepEqual(of("learned", [63, 64]), [[0, 0], [1, 1]]);
});

test("both positions stay on the line, and so does the shift", () => {
  const at = (first, second, shift, extrapolate) => placed({ first, second, shift, extrapolate });
  assert.deepEqual(at(10, 16, 0, false), [63, [10, 16], 0]);
  assert.deepEqual(at(10, 16, 20, false), [63, [30, 36], 20]);
  assert.deepEqual(at(10, 50, 20, false), [63, [23, 63], 13]);
  assert.deepEqual(at(100, 16, 20, false), [63, [63, 16], 0]);
  assert.deepEqual(at(100, 16, 192, true), [LAST, [255, 171], 155]);
});
