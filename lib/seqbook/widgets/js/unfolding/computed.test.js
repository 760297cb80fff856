import assert from "node:assert/strict";
import { test } from "node:test";

import { createComputed, settingsOf } from "./computed.js";
import { buildGraph, sensitivities } from "./graph.js";
import { forward } from "./recurrence.js";

const TRAITS = {
  pattern: 1, steps: 4, time: 4, params: { U: 1, W: 0.8, V: 1.2, b: 0.1, c: -0.2 }, x: [0.9, -0.4, 0.6, 0.1],
  y: [0.6, 0.2, 0.5, 0.4], state: 0, loss: false, teacher: false, unfolded: true, focus: "",
};

// `show(changes)`: how often each was computed for a drawing with a node in focus, after a change of traits.
function counted() {
  const traits = { ...TRAITS };
  let calls = {};
  const counting = (name, compute) => (...args) => {
    calls[name] = (calls[name] ?? 0) + 1;
    return compute(...args);
  };
  const computed = createComputed({
    buildGraph: counting("graph", buildGraph),
    forward: counting("values", forward),
    sensitivities: counting("slopes", sensitivities),
  });
  return (changes = {}, focus = "h3") => {
    Object.assign(traits, changes);
    calls = {};
    const settings = settingsOf((name) => traits[name]);
    computed.graph(settings);
    computed.values(settings);
    const slopes = computed.slopes(settings, focus);
    assert.equal(computed.slopes(settings, focus), slopes); // the words and the picture share them
    return calls;
  };
}

test("time, folding, focus and language compute nothing; another node only its slopes", () => {
  const show = counted();
  assert.deepEqual(show(), { graph: 1, values: 1, slopes: 1 });
  for (const changes of [{ time: 2 }, { unfolded: false }, { focus: "W" }, { focus: "h3" }, { lang: "ko" }]) {
    assert.deepEqual(show(changes), {}, JSON.stringify(changes));
  }
  assert.deepEqual(show({}, "h2"), { slopes: 1 });
});

test("numbers change the values, and only pattern, length and loss the graph", () => {
  const show = counted();
  show();
  for (const changes of [{ params: { ...TRAITS.params, W: 1 } }, { x: [1, 1, 1, 1] }, { state: 0.5 }]) {
    assert.deepEqual(show(changes), { values: 1, slopes: 1 }, JSON.stringify(changes));
  }
  for (const changes of [{ loss: true }, { steps: 3 }, { pattern: 2 }, { teacher: true }]) {
    assert.deepEqual(show(changes), { graph: 1, values: 1, slopes: 1 }, JSON.stringify(changes));
  }
});

test("a teacher counts in pattern 2 only, and puts its targets in the picture", () => {
  const read = (pattern) => settingsOf((name) => ({ ...TRAITS, teacher: true, pattern })[name]);
  assert.deepEqual([read(1).teacher, read(1).loss], [false, false]);
  assert.deepEqual([read(2).teacher, read(2).loss], [true, true]);
});
