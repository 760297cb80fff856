import assert from "node:assert/strict";
import { test } from "node:test";

import { createFlow } from "./flow.js";

const TRAITS = {
  model: "lstm", compare: true, seed: 1, steps: 3, weights: "gaussian", activation: "tanh", radius: 1, input_scale: 0.5,
  forget_bias: 1, loss: "last", clip: null, step_from: 1, step_to: 3, depth: 1, skips: false, layer: 1,
  norm_place: "pre",
};
const sent = (...values) => {
  const data = new DataView(new ArrayBuffer(4 * values.length));
  values.forEach((value, n) => data.setFloat32(4 * n, value, true));
  return { shape: [values.length], data };
};
const DRAWS = [
  { largest_gaussian: sent(1.5, 1.25), largest_orthogonal: sent(1, 1) },
  { largest_gaussian: sent(2.5, 1.75), largest_orthogonal: sent(1, 1) },
];

// A flow that remembers which models it computed, and which layers' matrices; `show(changes)` gives those that a change
// of traits computes.
function counted(start = {}) {
  const traits = { ...TRAITS, ...start };
  let computed = [];
  const flow = createFlow(DRAWS, (name, drawn, settings) => {
    computed.push(name);
    const matrix = (layer) => {
      computed.push(`${name} matrix of ${layer}`);
      return [1, 10 ** (-3 * layer)];
    };
    const dh = Array.from({ length: settings.depth }, (_, n) => [10 ** (n + 1), 1, settings.radius]);
    return { dh, matrix, gradient: drawn.largest_gaussian[0] };
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
  assert.deepEqual(show().computed, ["gru", "lstm", "lstm matrix of 1", "rnn"]);
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
    seed: 0, depth: 2, skips: true,
  };
  for (const [name, value] of Object.entries(changes)) {
    assert.deepEqual(show({ [name]: value }).computed, ["gru", "lstm", "lstm matrix of 1", "rnn"], name);
  }
  assert.deepEqual(show({ compare: false }).computed, ["lstm matrix of 1"]); // asked for again, which costs nothing
  assert.deepEqual(show({ radius: 0.8 }).computed, ["lstm", "lstm matrix of 1"]);
  assert.deepEqual(show({ compare: true }).computed, ["gru", "lstm matrix of 1", "rnn"]);
  assert.deepEqual(show({ model: "rnn" }).computed, ["rnn matrix of 1"]);
});

test("another layer is looked at without computing the networks again", () => {
  const show = counted({ depth: 2 });
  const { shown } = show();
  assert.deepEqual([shown.layer, shown.l, shown.found.dh, shown.others[0][1]], [1, "1,", [10, 1, 1], [10, 1, 1]]);
  const above = show({ layer: 2 });
  assert.deepEqual(above.computed, ["lstm matrix of 2"]);
  assert.deepEqual([above.shown.layer, above.shown.l, above.shown.largest], [2, "2,", 1.75]);
  assert.deepEqual([above.shown.found.dh, above.shown.others[1][1]], [[100, 1, 1], [100, 1, 1]]);
  assert.deepEqual(above.shown.layers, shown.layers);
  assert.equal(show({ depth: 1 }).shown.layer, 1); // a layer beyond the top one is the top one
});

test("of several layers the axis holds all sizes and stays when another layer is chosen", () => {
  const show = counted({ depth: 4, layer: 1 });
  for (const layer of [1, 2, 3, 4]) {
    const { decades, matrixDecades } = show({ layer }).shown;
    assert.deepEqual([decades, matrixDecades], [4, [4, 8, 16, 16][layer - 1]]);
  }
});

test("what is shown belongs to the chosen model, draw and comparison", () => {
  const show = counted();
  const { shown } = show();
  assert.deepEqual([shown.found.gradient, shown.largest], [2.5, 2.5]);
  assert.deepEqual([shown.depth, shown.l, shown.layers.length], [1, "", 1]);
  assert.deepEqual(shown.others.map(([name]) => name), ["rnn", "gru"]);
  assert.equal(shown.s, "s");
  assert.deepEqual([shown.decades, shown.matrixDecades], [4, 4]); // 10⁻³ needs four powers of ten
  const alone = show({ compare: false, model: "gru" }).shown;
  assert.deepEqual([alone.name, alone.shown, alone.others, alone.s], ["gru", ["gru"], [], "h"]);
});

test("the Transformer is compared with no other, and its letter says the block also where there is one", () => {
  const show = counted({ model: "transformer", compare: true });
  const { shown, computed } = show();
  assert.deepEqual(computed, ["transformer", "transformer matrix of 1"]);
  assert.deepEqual([shown.shown, shown.others, shown.s, shown.l], [["transformer"], [], "x", "1,"]);
  assert.deepEqual(show({ norm_place: "post" }).computed, ["transformer", "transformer matrix of 1"]);
});
