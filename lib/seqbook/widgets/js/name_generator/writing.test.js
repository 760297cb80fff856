import assert from "node:assert/strict";
import { test } from "node:test";

import { chance, drawn } from "./chance.js";
import { LABELS } from "./labels.js";
import { letterName } from "./letters.js";
import { begun, named, tempered } from "./network.js";
import { likeliest, written } from "./writing.js";

const near = (one, other) => Math.abs(one - other) < 1e-12;
const close = (found, wanted) => found.forEach((each, n) => assert.ok(near(each, wanted[n]), String(found)));

test("temperature sharpens and flattens, and huge outputs stay finite", () => {
  close(tempered([0, Math.log(3)], 1), [0.25, 0.75]);
  close(tempered([0, Math.log(3)], 0.5), [0.1, 0.9]);
  close(tempered([0, Math.log(9)], 2), [0.25, 0.75]);
  close(tempered([-1e4, 1e4], 0.1), [0, 1]);
});

test("a draw picks by cumulated probability, and never falls off the end", () => {
  assert.deepEqual([0, 0.19, 0.2, 0.69, 0.7, 0.999].map((u) => drawn([0.2, 0.5, 0.3], u)), [0, 0, 1, 1, 2, 2]);
  assert.equal(drawn([0.3, 0.5, 0.1999], 0.99999), 1);
});

test("chance is even, and each seed has its own", () => {
  const random = chance(7);
  const numbers = Array.from({ length: 10_000 }, random);
  assert.ok(numbers.every((u) => u >= 0 && u < 1));
  assert.ok(Math.abs(numbers.reduce((sum, u) => sum + u) / 10_000 - 0.5) < 0.02);
  assert.notEqual(chance(8)(), chance(7)());
  assert.equal(chance(7)(), numbers[0]);
});

// A network that counts: after letter n comes letter n + 1, up to the end.
const letters = ["\n", "#", "@", "a", "ᄉ", "ᅥ", "ᆯ"];
const network = {
  letters,
  ids: new Map(letters.map((letter, id) => [letter, id])),
  signs: new Set(["\n", "#", "@"]),
  start: [0],
  step: (id) => [id],
  outputs: ([id]) => letters.map((_, n) => (n === (id === 2 ? 3 : (id + 1) % letters.length) ? 50 : 0)),
};
const settings = { mark: "@", start: "", temperature: 1, draw: 1, longest: 40 };

test("names go on from what the reader wrote until the end, or until there is no room", () => {
  const { names, next } = written(network, settings);
  assert.ok(names.every((ids) => named(ids, letters) === "a설" && ids.at(-1) === 0));
  assert.ok(next[3] > 0.999);
  assert.equal(named(written(network, { ...settings, start: "서" }).names[0], letters), "설");
  assert.equal(named(written(network, { ...settings, longest: 2 }).names[0], letters), "aᄉ");
  assert.deepEqual(written(network, { ...settings, start: "aaa", longest: 3 }).names[0], [3, 3, 3]);
});

test("what a reader writes is taken apart; signs and unknown characters are left out and counted", () => {
  assert.deepEqual(begun("설", network, 40), { ids: [4, 5, 6], unknown: 0 });
  assert.deepEqual(begun("ㅅ", network, 40).ids, [4]); // a single jamo, as a keyboard gives it
  assert.deepEqual(begun("a<b>@\n😀", network, 40), { ids: [3], unknown: 6 });
  assert.deepEqual(begun("aaaa", network, 2).ids, [3, 3]);
});

test("the likeliest letters come first", () => {
  assert.deepEqual(likeliest([0.1, 0.6, 0.3], 2), [[1, 0.6], [2, 0.3]]);
});

test("every letter can be read alone", () => {
  const label = (key, values) => LABELS.en[key].replace("{letter}", values?.letter);
  assert.deepEqual(
    ["ᄉ", "ᅥ", "ᆯ", "a", " ", "\n", "\u0301"].map((letter) => letterName(letter, label)),
    ["ㅅ", "ㅓ", "final ㄹ", "a", "(space)", "(end)", "◌\u0301 (accent)"],
  );
});
