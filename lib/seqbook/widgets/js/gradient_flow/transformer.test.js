import assert from "node:assert/strict";
import { test } from "node:test";

import { normals } from "./draws.js";
import { blockBackward, blockForward, blockOf, embedded, transformerGradients } from "./transformer.js";

const [E, D, T] = [8, 4, 6];
const drawnAt = (place, inputs) => {
  const size = 4 * E * E;
  const numbers = normals(place, 3 * size + 200);
  const part = (n) => numbers.slice(n * size, (n + 1) * size).map((value) => 0.5 * value);
  const direction = numbers.slice(3 * size, 3 * size + E);
  return {
    weight_ih: part(0).slice(0, 4 * E * inputs), gaussian: part(1), orthogonal: part(2), direction,
    x: numbers.slice(3 * size + E, 3 * size + E + T * D), above: (layer) => drawnAt(1000 * layer, E),
  };
};
const DRAWN = drawnAt(7, D);
const SETTINGS = [];
for (const norm of ["pre", "post"]) {
  for (const skips of [true, false]) {
    SETTINGS.push({
      norm, skips, steps: T, depth: 3, weights: "gaussian", radius: 0.9, inputScale: 1.5, loss: "last",
    });
  }
}
const near = (got, wanted, words) =>
  assert.ok(Math.abs(got - wanted) <= 1e-6 * Math.max(1, Math.abs(wanted)), `${words}: ${got}, wanted ${wanted}`);
const dot = (a, b) => a.reduce((total, value, at) => total + value * b[at], 0);

test("a block's backward pass is finite differences, for its input and every parameter that is drawn", () => {
  for (const settings of SETTINGS) {
    const words = `${settings.norm} ${settings.skips}`;
    const [x, block] = [embedded(DRAWN, settings), blockOf(DRAWN, 2, settings)];
    const [dy, direction] = [normals(50, T * E), normals(5000, T * E)];
    const { caches } = blockForward(x, block, settings);
    const { dx, grads } = blockBackward(dy, block, caches, settings);
    const value = (moved) => dot(blockForward(moved, block, settings).y, dy);
    const moved = (by) => x.map((each, at) => each + by * direction[at]);
    near(dot(dx, direction), (value(moved(1e-6)) - value(moved(-1e-6))) / 2e-6, `x ${words}`);

    for (const name of ["query", "key", "value", "output", "linear1", "linear2"]) {
      for (const part of ["weight", "bias"]) {
        const array = block[name][part];
        const at = array.length - 3;
        const sides = [1e-6, -1e-6].map((by) => {
          const kept = array[at];
          array[at] += by;
          const side = dot(blockForward(x, block, settings).y, dy);
          array[at] = kept;
          return side;
        });
        const numeric = (sides[0] - sides[1]) / 2e-6;
        const found = grads.some((grad) => grad.length === array.length && Math.abs(grad[at] - numeric) < 1e-5);
        assert.ok(found, `${name}.${part} ${words}: ${numeric}`);
      }
    }
    ["weight", "bias"].forEach((part, n) => { // both norms are one object here: its slope is the sum of theirs
      const sides = [1e-6, -1e-6].map((by) => {
        block.norm[part][2] += by;
        const side = dot(blockForward(x, block, settings).y, dy);
        block.norm[part][2] -= by;
        return side;
      });
      near(grads[n][2] + grads[6 + n][2], (sides[0] - sides[1]) / 2e-6, `norm.${part} ${words}`);
    });
    const count = grads.reduce((total, grad) => total + grad.length, 0);
    assert.equal(count, 6 * (E * E + E) + 4 * E);
  }
});

test("the matrix is the block's Jacobian, as its backward pass gives it row by row", () => {
  for (const settings of SETTINGS) {
    const { matrix } = transformerGradients(DRAWN, settings);
    let x = embedded(DRAWN, settings);
    for (const layer of [1, 2]) {
      const block = blockOf(DRAWN, layer, settings);
      const { y, caches } = blockForward(x, block, settings);
      for (let t = 0; t < T; t += 1) {
        const squares = new Float64Array(T);
        for (let e = 0; e < E; e += 1) {
          const dy = new Float64Array(T * E);
          dy[t * E + e] = 1;
          blockBackward(dy, block, caches, settings).dx.forEach((value, at) => {
            squares[Math.floor(at / E)] += value * value;
          });
        }
        for (let k = 0; k < T; k += 1) {
          const got = matrix(layer)[t * T + k];
          if (k > t) assert.ok(Number.isNaN(got) && squares[k] === 0);
          else near(got, Math.sqrt(squares[k] / E), `${settings.norm} ${settings.skips} block ${layer} ${t} ${k}`);
        }
      }
      x = y;
    }
  }
});

test("sizes are those of the gradient on the way between the blocks, and the losses' own are 1 at the top", () => {
  for (const settings of SETTINGS) {
    const unit = DRAWN.direction.map((value) => value / Math.hypot(...DRAWN.direction));
    const { dh } = transformerGradients({ ...DRAWN, direction: unit }, { ...settings, loss: "every" });
    assert.equal(dh.length, 3);
    dh[2].forEach((size) => near(size, 1, "the top"));
    const last = transformerGradients({ ...DRAWN, direction: unit }, settings).dh;
    assert.deepEqual([...last[2]].slice(0, -1), new Array(T - 1).fill(0));
    assert.ok([...last[0]].every((size) => size > 0)); // two blocks down, every position is looked at
  }
});
