import assert from "node:assert/strict";
import { test } from "node:test";

import { decode, Model } from "../../lib/press/theme/static/widget-model.js";

const base64 = (array) => Buffer.from(array.buffer).toString("base64");

test("buffers are put back where they were, bit for bit", () => {
  const weights = new Float32Array([1.5, -2, Math.PI]);
  const embedded = {
    state: { steps: 4, layers: [{ name: "rnn" }, {}] },
    buffers: [
      { path: ["values"], encoding: "base64", data: base64(weights) },
      { path: ["layers", 1, "weight"], encoding: "base64", data: base64(new Uint8Array([0, 255])) },
    ],
  };
  const traits = decode(embedded);
  assert.ok(traits.values instanceof DataView);
  assert.equal(traits.values.byteLength, 12);
  weights.forEach((weight, i) => assert.equal(traits.values.getFloat32(4 * i, true), weight));
  assert.equal(traits.layers[1].weight.getUint8(1), 255);
  assert.deepEqual([traits.steps, traits.layers[0].name], [4, "rnn"]);
  assert.equal("values" in embedded.state, false, "what the page holds stays as it was");
});

test("an unknown encoding is refused", () => {
  const buffers = [{ path: ["x"], encoding: "hex", data: "00" }];
  assert.throws(() => decode({ state: {}, buffers }), /base64, got hex/);
});

test("a change is told once, to those who asked for it, and an equal value is none", () => {
  const model = new Model({ steps: 4, lang: "ko" });
  const told = [];
  const listener = (_, value) => told.push(value);
  model.on("change:steps", listener);
  model.on("change", () => told.push("any"));
  model.set("steps", 5);
  model.set("steps", 5);
  model.set("lang", "en");
  model.save_changes();
  assert.deepEqual(told, [5, "any", "any"]);
  assert.equal(model.get("steps"), 5);
  model.off("change:steps", listener);
  model.set({ steps: 6, lang: "ko" });
  assert.deepEqual(told, [5, "any", "any", "any"]);
});

test("off without a callback silences an event, without anything all of them", () => {
  const model = new Model({ a: 0, b: 0 });
  let told = 0;
  model.on("change:a change:b", () => { told += 1; });
  model.off("change:a");
  model.set("a", 1);
  assert.equal(told, 0);
  model.set("b", 1);
  assert.equal(told, 1);
  model.off();
  model.set("b", 2);
  assert.equal(told, 1);
});
