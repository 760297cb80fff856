import assert from "node:assert/strict";
import { test } from "node:test";

import { createStudy, headOf, rowOf } from "./study.js";

// Networks that count their runs and add up the ink of every place: the logit of digit n is n times the sum.
function counting() {
  let calls = 0;
  const network = (name) => ({
    N: 1, E: 1,
    run: (grey, { switchedOff = "nothing", keep = Array(16).fill(true) } = {}) => {
      calls += 1;
      const placeOf = (at) => 4 * Math.floor(at / 16) + Math.floor((at % 8) / 2);
      const ink = grey.reduce((sum, each, at) => sum + (keep[placeOf(at)] ? each : 0), 0);
      const by = { nothing: 0.01, positions: 0.02, class_token: 0.03 }[name] + (switchedOff === "nothing" ? 0 : 0.1);
      const logits = Float64Array.from({ length: 10 }, (_, digit) => digit * by * ink);
      const first = Number(name !== "class_token" && switchedOff !== "class_token");
      const T = 16 + first;
      return { logits, stages: [[0], [1], [2], [3]], weights: [new Float64Array(T * T).fill(1 / T)], first };
    },
  });
  const networks = Object.fromEntries(["nothing", "positions", "class_token"].map((name) => [name, network(name)]));
  const examples = [Array(64).fill(1), Array(64).fill(2)];
  const study = createStudy({ networks, examples, mean: Array(64).fill(0.5) });
  return (changes) => {
    calls = 0;
    const order = Array.from({ length: 16 }, (_, n) => n);
    const settings = { image: 0, fit: true, order, erased: [], erasing: "paper", without: "nothing",
      network: "trained", layer: 1, head: 1, query: 0, stage: 1, ...changes };
    return { ...study(settings), get calls() { return calls; } };
  };
}
const ALL = 1 + 1 + 16; // before, the only way that there is, and what each erasing changes

test("what is only looked at otherwise costs no run; a change costs as few as it needs", () => {
  const take = counting();
  assert.equal(take({}).calls, ALL);
  for (const looks of [{ query: 3 }, { stage: 2 }, { head: 1 }, { layer: 1 }]) assert.equal(take(looks).calls, 0);
  assert.equal(take({ erased: [3] }).calls, 1 + 15);
  assert.equal(take({ erased: [3], without: "positions" }).calls, 2 + 15); // both ways
  assert.equal(take({ erased: [3], without: "positions", network: "switched" }).calls, 15);
});

test("each way is a network's own: trained so, or the whole one with it switched off", () => {
  const take = counting();
  const steep = (p) => Math.log(p[1] / p[0]);
  const found = take({ without: "positions" });
  assert.ok(Math.abs(steep(found.trained) - 0.02 * 64) < 1e-9 && Math.abs(steep(found.switched) - 0.11 * 64) < 1e-9);
  assert.ok(Math.abs(steep(found.before) - 0.01 * 64) < 1e-9);
  const same = take({});
  assert.deepEqual(same.trained, same.switched);
  assert.deepEqual([take({ without: "class_token" }).T, take({ without: "positions" }).T], [16, 17]);
});

test("erasing puts paper or the mean there, or leaves the pixels and takes the token away", () => {
  const take = counting();
  const sum = ({ grey }) => grey.reduce((total, each) => total + each, 0);
  assert.deepEqual(["paper", "mean", "gone"].map((erasing) => sum(take({ erased: [0, 5], erasing }))), [56, 60, 64]);
  assert.deepEqual(take({ erased: [5], erasing: "gone" }).keep.indexOf(false), 5);
  assert.ok(take({ erased: [5] }).keep.every(Boolean));
  const ratio = (found) => Math.log(found.trained[1] / found.trained[0]);
  assert.ok(Math.abs(ratio(take({ erased: [5], erasing: "gone" })) - 0.6) < 1e-9);
});

test("effects: an erased place has none, any other lowers log p of the answer", () => {
  const { effects, answer } = counting()({ erased: [2] });
  assert.equal(answer, 9);
  effects.forEach((each, place) => assert.ok(place === 2 ? each === 0 : each < 0));
});

test("query 0 is the class token, or without one the mean of the patches that there are", () => {
  const matrix = Float64Array.from({ length: 289 }, (_, at) => at);
  const keep = Array(16).fill(true);
  assert.deepEqual(rowOf(matrix, 0, { T: 17, first: 1, keep }).places.slice(0, 2), [1, 2]);
  const tokens = [0, 2].map((query) => rowOf(matrix, query, { T: 17, first: 1, keep }).token);
  assert.deepEqual(tokens, [0, 34]);
  const mean = rowOf(matrix, 0, { T: 16, first: 0, keep });
  assert.deepEqual([mean.token, mean.places[0], mean.places.length], [null, 120, 16]);
  assert.equal(rowOf(matrix, 0, { T: 16, first: 0, keep: keep.map((_, at) => at < 2) }).places[0], 8);
  assert.equal(rowOf(matrix, 3, { T: 16, first: 0, keep }).places[0], 32);
});

test("a head's matrix is its own part of the block's", () => {
  const weights = [null, Float64Array.from({ length: 8 }, (_, at) => at)];
  assert.deepEqual([...headOf({ weights, T: 2 }, 2, 2)], [4, 5, 6, 7]);
});
