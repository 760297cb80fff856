import assert from "node:assert/strict";
import { test } from "node:test";

import { apart, brief, compare, describe, distance, ranked, visible, written } from "./describe.js";
import { readText, signsOf, tokensOf } from "./reading.js";
import { createStudy } from "./study.js";
import { toy } from "./toy.js";

const label = (key, holes = {}) => `${key} ${JSON.stringify(holes)}`;

test("a text is composed, cut at the limit, and its unknown characters are named once", () => {
  const vocabulary = ["�", "1", "월"];
  const read = readText("1월x😀x1".normalize("NFD"), vocabulary, 5);
  assert.deepEqual(read.characters, ["1", "월", "x", "😀", "x"]);
  assert.deepEqual(read.ids, [1, 2, 0, 0, 0]);
  assert.deepEqual(read.unknown, ["x", "😀"]);
  assert.equal(read.unread, 1);
  assert.deepEqual(readText("�", vocabulary, 5).ids, [0]);
});

test("tokens are what a text names, up to the end and to as many as there may be", () => {
  const network = toy(4);
  assert.deepEqual(tokensOf("a?b", network), [0, 1]);
  assert.deepEqual(tokensOf("a■b", network), [0, 3]);
  assert.deepEqual(tokensOf("abcabc", network), [0, 1, 2, 0]);
  assert.equal(signsOf([0, 3], network), "a■");
  assert.equal(written({ ids: [0, 1] }, network), "ab…");
  assert.equal(written({ ids: [0, 3] }, network), "a");
});

test("what has no shape gets one, and stands apart from the sentence", () => {
  assert.deepEqual([" ", "\n", "\u0000", "\u202e", "\u0301", "월", "😀"].map(visible), ["␣", "□", "□", "□", "□", "월", "😀"]);
  assert.equal(apart("x"), "\u2068x\u2069");
});

test("probabilities never round to what they are not", () => {
  const wanted = { 0: "0.00", 1: "1.00", 0.004: "<0.01", 0.0051: "0.01", 0.994: "0.99", 0.9951: ">0.99", 0.5: "0.50" };
  for (const [p, text] of Object.entries(wanted)) assert.equal(brief(Number(p)), text);
});

test("distances and ranks", () => {
  assert.equal(distance([3, 4], undefined), 5);
  assert.equal(distance([3, 4], [3, 3]), 1);
  assert.deepEqual(ranked([-3, -1, -2]), [1, 2, 0]);
});

test("every step is said: what is read, what is written, what the reader chose", () => {
  const network = toy(4);
  network.read = (ids) => ids.map((id, n) => [id + n]);
  const get = (forced) => (trait) => ({ text: "xy", forced, width: 2, shown: "greedy" })[trait];
  const study = createStudy(network, 5)(get(""));
  const say = (t, found = study) => describe(found, network, t, label).map(([, text]) => text);
  assert.match(say(1)[0], /^reading .*"t":1.*“\u2068x\u2069”.*"change":"1.00"/);
  assert.match(say(1)[1], /^filling/);
  assert.match(say(2)[1], /^filled .*"S":2,"H":1/);
  assert.match(say(3)[0], /^writing .*"k":1/);
  const [first] = study.greedy.ids;
  const other = network.tokens[first === 1 ? 0 : 1];
  const chosen = createStudy(network, 5)(get(other));
  assert.match(say(3, chosen)[0], /^yours .*"k":1/);
  assert.match(say(3, chosen)[0], new RegExp(`"second":"(“${network.tokens[first]}”|■.*)"`));
  const same = createStudy(network, 5)(get(network.tokens[first]));
  assert.match(say(3, same)[0], /^yoursToo/);
  assert.match(say(4)[0], /^writing .*"k":2/);
});

test("the two paths are compared, whichever is the likelier", () => {
  const network = toy(4);
  const sequence = (ids, logProb) => ({ ids, logProb });
  const verdict = (greedy, best) =>
    compare({ greedy, levels: [[], [best]] }, network, label).map(([, text]) => text).at(-1);
  assert.match(verdict(sequence([0, 3], -1), sequence([0, 3], -1)), /^compareSame/);
  assert.match(verdict(sequence([0, 3], -1.5), sequence([1, 3], -1.5 + Math.log(2))), /^compareBeamWins \{"ratio":"2.00"/);
  assert.match(verdict(sequence([0, 3], -1), sequence([1, 3], -1 - Math.log(4))), /^compareGreedyWins \{"ratio":"4.00"/);
  assert.match(compare({ greedy: sequence([], 0), levels: [[]] }, network, label)[0][1], /^noBeam/);
});
