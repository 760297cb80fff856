import assert from "node:assert/strict";
import { test } from "node:test";

import { readSafetensors } from "./safetensors.js";

function file(header, ...bytes) {
  const text = new TextEncoder().encode(JSON.stringify(header));
  // three bytes before it: a view into a larger buffer
  const whole = new Uint8Array(3 + 8 + text.length + bytes.length);
  new DataView(whole.buffer).setBigUint64(3, BigInt(text.length), true);
  whole.set(text, 11);
  whole.set(bytes, 11 + text.length);
  return new DataView(whole.buffer, 3);
}
const float = (...values) => [...new Uint8Array(Float32Array.of(...values).buffer)];

test("a matrix is its int8 times its row's scale, a vector is what it is", () => {
  const header = {
    __metadata__: { format: "pt" },
    "a.weight": { dtype: "I8", shape: [2, 3], data_offsets: [0, 6] },
    "a.weight.scale": { dtype: "F32", shape: [2], data_offsets: [6, 14] },
    bias: { dtype: "F32", shape: [2], data_offsets: [14, 22] },
  };
  const read = readSafetensors(file(header, 1, 255, 127, 128, 0, 2, ...float(0.1, 0.5), ...float(-1.5, 7)));
  assert.deepEqual(Object.keys(read), ["a.weight", "bias"]);
  assert.deepEqual(read["a.weight"].shape, [2, 3]);
  const tenth = Math.fround(0.1);
  assert.deepEqual([...read["a.weight"].values], [tenth, -tenth, Math.fround(127 * tenth), -64, 0, 1]);
  assert.deepEqual([...read.bias.values], [-1.5, 7]);
});

test("what all blocks have is taken apart, each with its own scales", () => {
  const header = {
    "a.*.weight": { dtype: "I8", shape: [2, 2, 2], data_offsets: [0, 8] },
    "a.*.weight.scale": { dtype: "F32", shape: [2, 2], data_offsets: [8, 24] },
    "a.*.bias": { dtype: "F32", shape: [2, 1], data_offsets: [24, 32] },
  };
  const read = readSafetensors(file(header, 1, 2, 3, 4, 5, 6, 7, 8, ...float(1, 2, 4, 0.5), ...float(3, 9)));
  const found = Object.fromEntries(
    Object.entries(read).map(([name, { shape, values }]) => [name, [shape, [...values]]]));
  assert.deepEqual(found, {
    "a.0.weight": [[2, 2], [1, 2, 6, 8]], "a.1.weight": [[2, 2], [20, 24, 3.5, 4]],
    "a.0.bias": [[1], [3]], "a.1.bias": [[1], [9]],
  });
});

test("other kinds of numbers are refused", () => {
  assert.throws(
    () => readSafetensors(file({ a: { dtype: "F16", shape: [1], data_offsets: [0, 2] } }, 0, 0)),
    /got F16/,
  );
});
