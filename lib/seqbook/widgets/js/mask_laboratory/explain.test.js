import assert from "node:assert/strict";
import { test } from "node:test";

import { translator } from "../kit/i18n.js";
import { cheats, explain, mean, nats } from "./explain.js";
import { LABELS } from "./labels.js";
import { knows, maskOf } from "./masks.js";

const label = translator(LABELS, "en");
const LETTERS = [..."abcd"];

function said(preset, { t = 2, pads = 0, layers = 1, gradient } = {}) {
  const T = LETTERS.length + pads;
  const mask = maskOf(preset, T, pads);
  const known = knows(mask, layers);
  const ids = [1, 2, 3, 0];
  return explain({
    T, pads, t, mask, known, layers, letters: LETTERS, asked: ids, character: (id) => "zbcd"[id], preset,
    gradient: gradient ?? known[pads + t - 1].map((each) => Number(each) / 8),
  }, label).join(" ");
}

test("losses as short as they can be told", () => {
  assert.deepEqual([mean([1, 2]), nats([1, 2]), nats([])], [1.5, "1.50", "–"]);
});

test("an honest position predicts", () => {
  const text = said("causal");
  assert.match(text, /none of 3/);
  assert.match(text, /Position 2, “b”: tokens looked at, 2; .* through one block, 2 of 4/);
  assert.match(text, /neither its answer “c” nor anything after it/);
  assert.match(text, /−log p\(“c”\) reaches 2 of 4 tokens and is exactly 0 at the other 2/);
});

test("a leak is named, and how strongly the loss depends on its answer", () => {
  const text = said("off_by_one");
  assert.match(text, /3 of 3\./);
  assert.match(text, /can know its answer “c”/);
  assert.match(text, /At the answer's own token its size is 0\.13/);
});

test("a gradient that reaches everything has no rest", () => {
  assert.match(said("open"), /reaches all 4 tokens\. At the answer's own/);
});

test("what comes after the answer is told apart from the answer", () => {
  const text = said(["1000", "1101", "1110", "1111"]);
  assert.match(text, /cannot know its answer “c”, but of what comes after it can know 1/);
  assert.match(text, /A mask of your own/);
});

test("two blocks let an answer come by way of another position", () => {
  const mask = ["1000", "1101", "1110", "0011"]; // 2 looks at 4, which looks at 3
  assert.match(said(mask, { layers: 1 }), /cannot know its answer/);
  assert.match(said(mask, { layers: 2 }), /can know its answer “c”/);
});

test("rows with nothing to look at are listed by the numbers of their characters", () => {
  assert.match(said("inverted", { t: 4 }), /zeros\): 4\. Position 4/);
  assert.match(said("inverted", { t: 4 }), /It may look at nothing/);
  assert.match(said("padding", { pads: 2 }), /zeros\): □1, □2\./);
});

test("the last position has no answer yet, and padding that is known of is counted", () => {
  assert.match(said("causal", { t: 4 }), /favourite is “z”/);
  assert.match(said("padding_in_query", { pads: 2 }), /Padding among what it can know: 2/);
  assert.doesNotMatch(said("padding", { pads: 2 }), /Padding among/);
});

test("who can know its answer", () => {
  const scene = (preset, pads) => ({ known: knows(maskOf(preset, 3 + pads, pads), 1), pads, letters: ["a", "b", "c"] });
  assert.deepEqual(cheats(scene("causal", 0)), []);
  assert.deepEqual(cheats(scene("off_by_one", 2)), [1, 2]);
  assert.deepEqual(cheats({ known: [[true]], pads: 0, letters: ["a"] }), []);
});
