import assert from "node:assert/strict";
import { test } from "node:test";
import { digest, Store } from "../../../lib/press/live/ui/store.js";

class Storage {
  setItem(name, text) {
    if (this.full) throw new Error("QuotaExceededError");
    this[name] = text;
  }
  getItem(name) { return this[name] ?? null; }
  removeItem(name) { delete this[name]; }
}
Object.defineProperty(Storage.prototype, "full", { value: false, writable: true });

test("edits are kept by page and cell until they are forgotten", () => {
  const storage = new Storage();
  new Store(storage).edit("ko/rnn/bptt", "loss", "x = 1  # 한글", "base");
  const store = new Store(storage);
  assert.equal(store.edits("ko/rnn/bptt").loss.text, "x = 1  # 한글");
  assert.equal(store.edits("ko/rnn/bptt").loss.base, "base");
  assert.deepEqual(store.edits("en/rnn/bptt"), {});
  assert.deepEqual(store.pages(), ["ko/rnn/bptt"]);
  store.edit("ko/rnn/bptt", "loss", null);
  assert.deepEqual([store.pages(), Object.keys(storage)], [[], []]);
});

test("an exercise passed twice keeps its first time, and attempts are not counted", () => {
  const storage = new Storage();
  const store = new Store(storage);
  store.pass("bptt/step");
  const time = store.passed()["bptt/step"];
  store.pass("bptt/step");
  assert.deepEqual(store.passed(), { "bptt/step": time });
  assert.deepEqual(Object.keys(storage), ["seqbook:passed"]);
});

test("where storage is blocked or full, all stays in memory and is said", () => {
  const storage = new Storage();
  storage.full = true;
  for (const store of [new Store(null), new Store(storage)]) {
    store.edit("en/a", "cell", "text", "base");
    assert.equal(store.keeps, false);
    assert.equal(store.edits("en/a").cell.text, "text");
    assert.deepEqual(store.pages(), ["en/a"]);
  }
});

test("one file carries everything to another browser; of two edits the later stays", () => {
  const [ours, theirs] = [new Store(new Storage()), new Store(new Storage())];
  ours.edit("en/a", "one", "ours", "base");
  ours.pass("bptt/step");
  theirs.edit("en/a", "two", "theirs", "base");
  assert.deepEqual(theirs.import(ours.export()), { passed: 1, edits: 1 });
  assert.deepEqual(Object.keys(theirs.edits("en/a")).sort(), ["one", "two"]);
  const file = JSON.parse(ours.export());
  file.edits["en/a"].one = { text: "old", base: "base", time: 1 };
  assert.deepEqual(theirs.import(JSON.stringify(file)), { passed: 1, edits: 0 });
  assert.equal(theirs.edits("en/a").one.text, "ours");
  file.edits["en/a"].one = { text: "new", base: "base", time: Date.now() + 1e6 };
  theirs.import(JSON.stringify(file));
  assert.equal(theirs.edits("en/a").one.text, "new");
});

test("what is no such file is refused whole", () => {
  const store = new Store(new Storage());
  const right = { format: "seqbook-progress", version: 1, passed: { "bptt/step": 5 },
    edits: { "en/a": { cell: { text: "x", base: "b", time: 5 } } } };
  const wrong = ["", "{}", "null", "[]", JSON.stringify({ ...right, version: 2 }), JSON.stringify({ ...right, edits: [] }),
    JSON.stringify({ ...right, passed: { "bptt/step": "yes" } }), JSON.stringify({ ...right, passed: { "<b>": 5 } }),
    JSON.stringify({ ...right, edits: { "../x": {} } }), JSON.stringify({ ...right, edits: { "en/a": { cell: { text: 5 } } } })];
  for (const file of wrong) assert.equal(store.import(file), null, file);
  assert.deepEqual([store.passed(), store.pages()], [{}, []]);
  assert.deepEqual(store.import(JSON.stringify(right)), { passed: 1, edits: 1 });
});

test("what somebody has broken in the storage counts as nothing", () => {
  const storage = new Storage();
  for (const text of ["{", "[]", '{"cell": 5}', '{"cell": {"text": 1}}']) {
    storage["seqbook:edits:en/a"] = text;
    assert.deepEqual(new Store(storage).edits("en/a"), {});
  }
});

test("a digest tells sources apart", () => {
  assert.equal(digest("x = 1"), digest("x = 1"));
  const digests = new Set(Array.from({ length: 5000 }, (_, i) => digest(`x = ${i}`)));
  assert.equal(digests.size, 5000);
});
