import assert from "node:assert/strict";
import { test } from "node:test";

import { held, roundsOf, study, wayTo } from "./rounds.js";

const LENGTHS = Array.from({ length: 15 }, (_, n) => n + 2);
const METHODS = ["tree", "doubling"];
const X = [3, -1, 4, 1, -5, 9, 2, 6, 5, -3, 5, 8, 9, 7, 9, 3];
const settings = (more) => ({ operation: "sum", method: "tree", steps: 8, decay: 0.5, x: X, target: 8, ...more });

test("the tree of eight: pairs, fours, all, and down again", () => {
  const pairs = roundsOf(8, "tree").map((round) => round.map(({ source, place }) => [source, place]));
  const up = [[[0, 1], [2, 3], [4, 5], [6, 7]], [[1, 3], [5, 7]], [[3, 7]]];
  assert.deepEqual(pairs, [...up, [[3, 5]], [[1, 2], [3, 4], [5, 6]]]);
});

test("doubling takes ⌈log₂ T⌉ rounds, the tree at most 2 log₂ T with fewer than 2 T operations", () => {
  for (const T of LENGTHS) {
    const [doubling, tree] = [roundsOf(T, "doubling"), roundsOf(T, "tree")];
    assert.equal(doubling.length, Math.ceil(Math.log2(T)));
    assert.equal(doubling.flat().length, doubling.reduce((sum, _, n) => sum + T - 2 ** n, 0));
    assert.ok(tree.length <= Math.max(1, 2 * Math.log2(T)) && tree.flat().length < 2 * T);
  }
});

test("no operation of a round reads what another of the round writes, in the tree; each place is written once", () => {
  for (const T of LENGTHS) {
    for (const round of roundsOf(T, "tree")) {
      const written = new Set(round.map(({ place }) => place));
      assert.ok(round.every(({ source }) => !written.has(source)));
    }
    for (const round of METHODS.flatMap((method) => roundsOf(T, method))) {
      assert.equal(new Set(round.map(({ place }) => place)).size, round.length);
    }
  }
});

test("the last row holds the results of the loop, all from the first input on", () => {
  for (const method of METHODS) {
    for (const operation of ["sum", "recurrence"]) {
      for (const steps of LENGTHS) {
        const { rows, results } = study(settings({ method, operation, steps, target: steps }));
        rows.at(-1).forEach(({ u, first }, place) => {
          assert.ok(Math.abs(u - results[place]) < 1e-12, `${method} ${operation} ${steps} ${place}`);
          assert.equal(first, 1);
        });
      }
    }
  }
});

test("what a place holds is its stretch of inputs: a sum of just those", () => {
  const { rows } = study(settings({ steps: 13 }));
  for (const row of rows) {
    row.forEach(({ u, first }, place) => {
      assert.equal(u, X.slice(first - 1, place + 1).reduce((sum, each) => sum + each, 0));
    });
  }
});

test("the way to a result is what it needs: without any one of its operations it is another", () => {
  for (const method of METHODS) {
    const rounds = roundsOf(11, method);
    const start = X.slice(0, 11).map((u) => ({ a: 1, u: u + 0.1 }));
    for (let place = 0; place < 11; place += 1) {
      const result = held(rounds, start).at(-1)[place].u;
      const { way, inputs } = wayTo(rounds, place);
      assert.deepEqual([...inputs].sort((a, b) => a - b), Array.from({ length: place + 1 }, (_, n) => n));
      rounds.forEach((round, index) => {
        for (const left of round) {
          const others = rounds.map((each) => each.filter((one) => one !== left));
          const changed = held(others, start).at(-1)[place].u !== result;
          assert.equal(changed, way.has(`${index + 1},${left.place}`));
        }
      });
    }
  }
});

test("counting: operations done by a round, and how many rounds the player has", () => {
  const tree = study(settings());
  assert.deepEqual([0, 1, 2, 3, 4, 5, 9].map(tree.done), [0, 4, 6, 7, 8, 11, 11]);
  assert.equal(tree.last, 7);
  assert.equal(study(settings({ steps: 3 })).last, 2);
});
