import assert from "node:assert/strict";
import { test } from "node:test";

import { memory } from "./memory.js";

class Store {
  items = new Map();
  getItem = (key) => this.items.get(key) ?? null;
  setItem = (key, value) => this.items.set(key, String(value));
  removeItem = (key) => this.items.delete(key);
}

const choices = { path: "/ko/rnn/bptt.html", question: "Why?", answers: ["a", "b", "c"], low: null, high: null };
const slide = { path: "/ko/rnn/bptt.html", question: "How much?", answers: [], low: 0, high: 10 };
const kept = (store, settings = choices) => memory({ storage: () => store, ...settings });

test("a guess is there on the next visit, and only on that page and for that question", () => {
  const store = new Store();
  kept(store).keep(2);
  kept(store, slide).keep(0);
  assert.deepEqual([...store.items], [
    ["seqbook:predict:/ko/rnn/bptt.html:Why?", "c"],
    ["seqbook:predict:/ko/rnn/bptt.html:How much?", "0"],
  ]);
  assert.equal(kept(store).recall(), 2);
  assert.equal(kept(store, slide).recall(), 0);
  assert.equal(kept(store, { ...choices, path: "/en/rnn/bptt.html" }).recall(), null);
  assert.equal(kept(store, { ...choices, question: "Why not?" }).recall(), null);
  kept(store).forget();
  assert.equal(kept(store).recall(), null);
  assert.equal(store.items.size, 1);
});

test("an answer is known by its text, wherever it stands now", () => {
  const store = new Store();
  kept(store).keep(0);
  assert.equal(kept(store, { ...choices, answers: ["x", "y", "a"] }).recall(), 2);
  assert.equal(kept(store, { ...choices, answers: ["x", "y", "z"] }).recall(), null);
});

test("what is no number on the slider is no guess", () => {
  const store = new Store();
  for (const text of ["", " ", "abc", "NaN", "Infinity", "-1", "10.5", "{}"]) {
    store.setItem("seqbook:predict:/ko/rnn/bptt.html:How much?", text);
    assert.equal(kept(store, slide).recall(), null, text);
  }
  store.setItem("seqbook:predict:/ko/rnn/bptt.html:How much?", "2.5");
  assert.equal(kept(store, slide).recall(), 2.5);
});

test("a storage that is missing or refuses harms nothing", () => {
  const refuses = () => {
    throw new Error("SecurityError");
  };
  const full = { getItem: refuses, setItem: refuses, removeItem: refuses };
  for (const storage of [refuses, () => null, () => undefined, () => full]) {
    const own = memory({ storage, ...choices });
    own.keep(1);
    own.forget();
    assert.equal(own.recall(), null);
  }
});
