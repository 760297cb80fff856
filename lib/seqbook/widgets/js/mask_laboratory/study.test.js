import assert from "node:assert/strict";
import { test } from "node:test";

import { createStudy, WRITTEN } from "./study.js";

// A network of three characters that looks at nothing but the last token's mask: it counts its passes.
function counting() {
  let calls = 0;
  const network = {
    E: 1, V: 3,
    forward: (ids, mask) => {
      calls += 1;
      const logits = Float64Array.from({ length: 3 * ids.length }, (_, n) =>
        Number(n % 3 === (ids[Math.floor(n / 3)] + 1) % 3) + mask[Math.floor(n / 3)].filter(Boolean).length * (n % 3));
      return { logits, cache: {} };
    },
    backward: (dlogits) => Float64Array.from({ length: dlogits.length / 3 }, (_, t) => dlogits[3 * t]),
  };
  const idOf = new Map([["a", 1], ["b", 2]]);
  const study = createStudy({ networks: [network, network], characters: ["?", "a", "b"], idOf }, 4);
  return (changes) => {
    calls = 0;
    const settings = { text: "abab", padding: 0, mask: "causal", layers: 1, time: 2, trained: "causal", ...changes };
    return { ...study(settings), calls };
  };
}

test("a stroke of paint costs one pass of each network; another position or network costs none", () => {
  const take = counting();
  assert.equal(take({}).calls, 2 + 4 + 2 * WRITTEN); // this mask, the fixed ones, and writing
  assert.equal(take({ time: 3 }).calls, 0);
  assert.equal(take({ trained: "leak" }).calls, 0);
  assert.equal(take({ mask: ["1111", "0000", "1000", "0000"] }).calls, 2);
  assert.equal(take({ mask: ["1111", "0000", "1000", "0000"], padding: 1 }).calls, 2 + 4);
});

test("what is asked is the next character, and at the end the favourite", () => {
  const found = counting()({ text: "ab" });
  assert.deepEqual([found.asked[0], found.loss.map((each) => each.length)], [2, [1, 1]]);
  assert.equal(found.answer[1], Math.max(...[0, 1, 2].map((id) => Math.exp((id === 0) + 2 * id) /
    [0, 1, 2].reduce((sum, each) => sum + Math.exp((each === 0) + 2 * each), 0))));
});

test("a position beyond the text is its last; of nothing there is nothing", () => {
  assert.equal(counting()({ text: "ab", time: 9 }).t, 2);
  assert.equal(counting()({ text: "" }).T, 0);
});
