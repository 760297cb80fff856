import assert from "node:assert/strict";
import { test } from "node:test";

import { logSoftmax } from "../kit/vectors.js";
import { beam, emptySequence, greedy, grownBy } from "./decoding.js";
import { toy } from "./toy.js";

const near = (found, wanted) => assert.ok(Math.abs(found - wanted) < 1e-12, `${found} is not ${wanted}`);
const names = (sequences) => sequences.map(({ ids }) => ids.join(""));

// All sequences that have ended or are as long as can be, the likeliest first.
function everything(network, sequence) {
  if (!sequence.next || sequence.ids.length === network.most) return [sequence];
  const grown = network.tokens.map((_, token) => grownBy(network, sequence, [token]));
  return grown.flatMap((each) => everything(network, each)).sort((one, other) => other.logProb - one.logProb);
}

test("log softmax sums to one and survives large logits", () => {
  const found = logSoftmax(Float64Array.of(1000, 1001, 999));
  near(found.reduce((sum, logProb) => sum + Math.exp(logProb), 0), 1);
  near(found[1] - found[0], 1);
});

test("the log-probability of a sequence is the sum of its steps'", () => {
  const network = toy();
  const empty = emptySequence(network, [1]);
  const found = grownBy(network, empty, [0, 2, 3]);
  const steps = [empty, grownBy(network, empty, [0]), grownBy(network, empty, [0, 2])];
  near(found.logProb, [0, 2, 3].reduce((sum, token, n) => sum + steps[n].next.logProbs[token], 0));
  assert.equal(found.next, null);
  assert.deepEqual(found.before.ids, [0, 2]);
});

test("a beam of one is the greedy path, and one of all sequences finds the likeliest", () => {
  let better = 0;
  for (let text = 0; text < 40; text += 1) {
    const network = toy();
    const start = emptySequence(network, [text]);
    const likely = greedy(network, start);
    assert.deepEqual(beam(network, start, 1).at(-1)[0].ids, likely.ids);
    const best = everything(network, start).slice(0, 3);
    const whole = beam(network, start, 1000).at(-1);
    assert.deepEqual(names(whole.slice(0, 3)), names(best));
    if (best[0].logProb > likely.logProb + 1e-9) better += 1;
  }
  assert.ok(better > 5, `greedy misses the best in ${better} of 40`);
});

test("a beam keeps the likeliest continuations of what it held, and what has ended competes as it is", () => {
  const network = toy(6);
  let ended = 0;
  for (let text = 0; text < 20; text += 1) {
    const levels = beam(network, emptySequence(network, [text]), 3);
    for (const [n, level] of levels.slice(1).entries()) {
      const candidates = levels[n].flatMap((held) =>
        held.next ? network.tokens.map((_, token) => grownBy(network, held, [token])) : [held]);
      candidates.sort((one, other) => other.logProb - one.logProb);
      assert.deepEqual(names(level), names(candidates.slice(0, 3)));
      ended += level.filter((each) => levels[n].includes(each)).length;
    }
    assert.ok(levels.at(-1).every(({ next, ids }) => !next || ids.length === 6));
    assert.ok(levels.at(-2).some(({ next }) => next));
  }
  assert.ok(ended > 10);
});

test("after given tokens the search goes on from them, no longer than allowed, and not at all after the end", () => {
  const network = toy(5);
  const start = emptySequence(network, [7]);
  const given = grownBy(network, start, [1, 1]);
  const levels = beam(network, given, 2);
  assert.ok(levels.length <= 4 && levels.flat().every(({ ids }) => ids[0] === 1 && ids[1] === 1));
  assert.ok(greedy(network, given).ids.length <= 5);
  const over = grownBy(network, start, [1, 3]);
  assert.deepEqual(beam(network, over, 2), [[over]]);
  assert.equal(greedy(network, over), over);
});
