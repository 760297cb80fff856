import assert from "node:assert/strict";
import { test } from "node:test";

import { translator } from "../kit/i18n.js";
import { explain } from "./explain.js";
import { LABELS } from "./labels.js";
import { READERS } from "./network.js";

const LETTERS = [..."anegg"];
const probability = (start) =>
  READERS.map((_, reader) => LETTERS.slice(1).map((_, n) => start + 0.1 * reader + 0.01 * n));
const run = { probability: probability(0.5) };

function scene({ change = null, into = "q", ...rest } = {}) {
  const shown = LETTERS.map((letter, n) => (n + 1 === change ? into : letter));
  const reach = (inside) => LETTERS.map((_, n) => (inside(n + 1) ? 4 / (1 + Math.abs(n + 1 - change)) : 0));
  const changed = change === null ? null : {
    letters: shown,
    run: { probability: probability(0.25) },
    forward: reach((n) => n >= change),
    backward: reach((n) => n <= change),
  };
  const made = { letters: LETTERS, shown, run, changed, change, reader: "both", time: 2, isNext: false, ...rest };
  return { ...made, answer: made.isNext ? made.time + 1 : null };
}
const say = (settings, lang = "en") => explain(scene(settings), translator(LABELS, lang)).join("\n");

test("what each reader's output can know, letter by letter", () => {
  assert.match(say({ reader: "forward" }), /output 2 is computed from “an” alone\. Of “egg”, which follows/);
  assert.match(say({ reader: "backward" }), /output 2 is computed from “negg” alone\. Of “a”, which comes before/);
  assert.match(say({ reader: "backward", time: 1 }), /output 1 is computed from all of “anegg”/);
  assert.match(say({}), /all 5 letters: the forward state sums up “an”, the backward state “negg”/);
  assert.match(say({ change: 4 }), /the backward state “neqg”/); // as it stands now
});

test("the probabilities of all three readers at the chosen output, before and after a change", () => {
  assert.match(say({}), /after “n”: forward only 0\.510, backward only 0\.610, both 0\.710\./);
  const words = say({ change: 1 });
  assert.match(words, /before the change: forward only 0\.510/);
  assert.match(words, /After the change: forward only 0\.260, backward only 0\.360, both 0\.460\./);
});

test("where a change reaches and how far, to the ends of the sentence", () => {
  assert.match(say({ change: 3 }), /“e” → “q”\. The forward states move from letter 3 on, by 4\.0 at letter 3 and by 1\.3/);
  assert.match(say({ change: 3 }), /backward states move up to letter 3, by 4\.0 at letter 3 and by 1\.3 at the first/);
  assert.match(say({ change: 5 }), /Of the forward states only that of the last letter, 5, moves, by 4\.0/);
  assert.match(say({ change: 1 }), /Of the backward states only that of the first letter moves, by 4\.0/);
});

test("a letter changed into itself moves nothing", () => {
  assert.match(say({ change: 3, into: "e" }), /Letter 3 is “e” already: nothing moves\./);
  assert.doesNotMatch(say({ change: 3, into: "e" }), /move from|cone/);
});

test("a change outside the cone is said to move nothing, and only there", () => {
  const outside = /outside the cone of output 2, which does not move at all/;
  for (const reader of READERS) {
    for (const change of [1, 2, 3]) {
      const reached = reader === "both" || (reader === "forward" ? change <= 2 : change >= 2);
      assert.equal(outside.test(say({ reader, change })), !reached, `${reader} ${change}`);
    }
  }
});

test("a language model's answer lies inside the cone of all but the forward reader", () => {
  for (const reader of READERS) {
    const words = say({ reader, isNext: true });
    assert.equal(/copying the answer/.test(words), reader !== "forward", reader);
    assert.equal(/has to predict it/.test(words), reader === "forward", reader);
    assert.doesNotMatch(words, /Probability/);
  }
  assert.match(say({ isNext: true }), /letter 3, “e”/);
  assert.match(say({ isNext: true }), /forward state of letter 2 and the backward state of letter 4/);
  assert.match(say({ isNext: true, change: 3 }), /moves the backward state that output 2 reads by 2\.0/);
  assert.doesNotMatch(say({ isNext: true, change: 4 }), /that output 2 reads/);
  assert.match(say({ isNext: true, change: 3, reader: "forward" }), /does not move at all/);
  assert.doesNotMatch(say({ isNext: true, time: 4 }), /letter 6/); // there is nothing behind the last letter to look at
});

test("no sentence has a hole, in either language, at any setting", () => {
  for (const lang of ["ko", "en"]) {
    for (const reader of READERS) {
      for (const isNext of [false, true]) {
        for (const change of [null, 1, 3, 5]) {
          for (let time = 1; time < LETTERS.length; time += 1) {
            assert.doesNotMatch(say({ reader, isNext, change, time }, lang), /[{}]|undefined|NaN/);
          }
        }
      }
    }
  }
});
