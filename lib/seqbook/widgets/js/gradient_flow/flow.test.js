import assert from "node:assert/strict";
import { test } from "node:test";

import { createFlow } from "./flow.js";

const TRAITS = {
  model: "lstm", compare: true, seed: 1, steps: 3, weights: "gaussian", activation: "tanh", radius: 1, input_scale: 0.5,
  forget_bias: 1, loss: "last", clip: null, step_from: 1, step_to: 3,
};
const DRAWS = [{ largest_gaussian: 1.5 }, { largest_gaussian: 2.5, largest_orthogonal: 1 }];

// A flow that remembers which models it computed; `show(changes)` gives those that a change of traits computes.
function counted() {
  const traits = { ...TRAITS };
  let computed = [];
  const flow = createFlow(DRAWS, (name, drawn, settings, { matrix }) => {
    computed.push(matrix ? `${name} whole` : name);
    return { dh: [10, 1, settings.radius], matrix: [1, 0.001], gradient: 1, drawn };
  });
  const show = (changes = {}) => {
    Object.assign(traits, changes);
    computed = [];
    const shown = flow((name) => traits[name]);
    return { shown, computed: computed.sort() };
  };
  return show;
}

test("a change of what is shown computes nothing", () => {
  const show = counted();
  assert.deepEqual(show().computed, ["gru", "lstm whole", "rnn"]);
  const { shown } = show();
  for (const changes of [{ step_from: 2 }, { step_to: 2 }, { clip: 1 }, { clip: null }, { lang: "ko" }]) {
    const again = show(changes);
    assert.deepEqual(again.computed, [], JSON.stringify(changes));
    assert.equal(again.shown, shown); // nor are the axes
  }
});

test("a change of the settings computes the models that are shown, and only those", () => {
  const show = counted();
  show();
  const changes = {
    steps: 5, radius: 1.2, weights: "orthogonal", activation: "relu", input_scale: 1, forget_bias: 2, loss: "every",
    seed: 0,
  };
  for (const [name, value] of Object.entries(changes)) {
    assert.deepEqual(show({ [name]: value }).computed, ["gru", "lstm whole", "rnn"], name);
  }
  assert.deepEqual(show({ compare: false }).computed, []);
  assert.deepEqual(show({ radius: 0.8 }).computed, ["lstm whole"]);
  assert.deepEqual(show({ compare: true }).computed, ["gru", "rnn"]);
  assert.deepEqual(show({ model: "rnn" }).computed, ["lstm", "rnn whole"]);
});

test("what is shown belongs to the chosen model, draw and comparison", () => {
  const show = counted();
  const { shown } = show();
  assert.equal(shown.found.drawn.largest_gaussian, 2.5);
  assert.equal(shown.largest, 2.5);
  assert.deepEqual(shown.others.map(([name]) => name), ["rnn", "gru"]);
  assert.equal(shown.s, "s");
  assert.equal(shown.decades, 4); // 10⁻³ needs four powers of ten
  const alone = show({ compare: false, model: "gru" }).shown;
  assert.deepEqual([alone.name, alone.shown, alone.others, alone.s], ["gru", ["gru"], [], "h"]);
});
