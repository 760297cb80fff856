import assert from "node:assert/strict";
import { test } from "node:test";

import { translator } from "../kit/i18n.js";
import { explain } from "./explain.js";
import { LABELS } from "./labels.js";

const label = translator(LABELS, "en");
const SAME = Array.from({ length: 16 }, (_, n) => n);
const sure = (digit, p) => Array.from({ length: 10 }, (_, n) => (n === digit ? p : (1 - p) / 9));
const looking = (place) => Float64Array.from({ length: 289 }, (_, at) => Number(at % 17 === place + 1));

const said = (changes) => explain({
  empty: false, answer: 3, before: sure(3, 0.9), trained: sure(3, 0.8), switched: sure(5, 0.7), without: "nothing",
  network: "trained", order: SAME, erased: [], layer: 1, head: 1, query: 0, first: 1, T: 17, keep: Array(16).fill(true),
  weights: [looking(6)], rollout: looking(9), effects: SAME.map((each) => (each === 9 ? -1.5 : 0.25)), ...changes,
}, label).join("\n");

test("the answer, and what it was before any change", () => {
  assert.match(said({}), /answer: 3 \(probability 80%\)\.\n/);
  assert.doesNotMatch(said({}), /Before/);
  assert.match(said({ erased: [4] }), /Before the changes the whole network's was 3, too \(90%\)/);
  assert.match(said({ order: [1, 0, ...SAME.slice(2)], before: sure(8, 0.6) }), /whole network's was 8 \(60%\)/);
});

test("a network that is trained without something and the whole one that lost it are told apart", () => {
  assert.match(said({ without: "positions" }),
    /trained without positions answers 3 \(80%\).*answers 5 .*\(70%\).*shuffled/);
  assert.match(said({ without: "class_token", network: "switched", answer: 5 }),
    /answer: 5 \(probability 70%\)[^]*mean/);
  assert.doesNotMatch(said({ without: "class_token" }), /shuffled/);
});

test("who looks where, and whether erasing that changes the answer", () => {
  assert.match(said({}), /query of the class token looks most at the patch in row 2, column 3 \(100%\)/);
  assert.match(said({ query: 5 }), /query of row 2, column 1 looks/);
  assert.match(said({}), /\(row 3, column 2\) changes it by −1\.50\. No other patch lowers it more/);
  assert.match(said({ effects: SAME.map((each) => (each === 2 ? -2 : 0)) }),
    /by 0\.00\. But .* row 1, column 3 \(−2\.00\)/);
  assert.match(said({ effects: SAME.map(() => 0.5) }), /no patch whose erasing alone/);
  assert.match(said({ erased: [9] }), /looks at most through all blocks \(row 1, column 1\)/); // of those that are left
});

test("an empty field has no answer", () => {
  assert.match(said({ empty: true }), /^The field is empty/);
});
