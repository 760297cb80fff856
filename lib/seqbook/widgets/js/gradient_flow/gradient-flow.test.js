import assert from "node:assert/strict";
import { test } from "node:test";

import { jacobianNorms, multiply } from "./chain.js";
import {
  clipped, describe, describeClipping, describeMap, describeModels, describeStack, describeWeights, fate, perStep,
} from "./describe.js";
import { normals, orthogonalised, unpacked } from "./draws.js";
import { LABELS } from "./labels.js";
import { translator } from "../kit/i18n.js";
import { gradients, MODELS } from "./models.js";
import { ACTIVATIONS } from "./rnn.js";

const [H, D, T] = [4, 3, 7];
let seed = 1;
const random = () => {
  seed = (seed * 16807) % 2147483647;
  return seed / 1073741823.5 - 1;
};
const array = (length) => Float64Array.from({ length }, random);
const layerOf = (inputs) => ({ weight_ih: array(4 * H * inputs), gaussian: array(4 * H * H), bias: array(4 * H) });
const ABOVE = [layerOf(H), layerOf(H)];
const DRAWN = { ...layerOf(D), x: array(T * D), direction: array(H), above: (layer) => ABOVE[layer - 2] };
const SETTINGS = {
  steps: T, weights: "gaussian", activation: "tanh", radius: 0.9, inputScale: 1.3, forgetBias: 0.5, loss: "last",
  depth: 1, skips: false,
};
const close = (found, wanted) => assert.ok(Math.abs(found - wanted) < 1e-12, `${found} is not ${wanted}`);

// A network with parameters of its own, as MODELS takes it.
function made(name) {
  const G = { rnn: 1, lstm: 4, gru: 3 }[name];
  const weights = { weight_ih: array(G * H * D), weight_hh: array(G * H * H), bias: array(G * H), bias_hn: array(H) };
  return MODELS[name].network(weights, Array.from({ length: T }, () => array(D)), SETTINGS);
}

for (const name of Object.keys(MODELS)) {
  test(`${name}: one step back is the transpose of one step ahead`, () => {
    const network = made(name);
    const S = network.size;
    const identity = Float64Array.from({ length: S * S }, (_, i) => (i % (S + 1) === 0 ? 1 : 0));
    for (const t of [1, 4, T]) {
      const jacobian = new Float64Array(S * S);
      network.ahead(t, identity, jacobian);
      assert.ok(jacobian.some((entry) => Math.abs(entry) > 1e-3));
      for (let row = 0; row < S; row += 1) {
        const { before } = network.back(t, identity.slice(row * S, (row + 1) * S));
        for (let column = 0; column < S; column += 1) close(before[column], jacobian[row * S + column]);
      }
    }
  });

  test(`${name}: nothing flows from later to earlier steps`, () => {
    const matrix = gradients(name, DRAWN, SETTINGS).matrix(1);
    for (let t = 0; t < T; t += 1) for (let k = 0; k < T; k += 1) assert.equal(Number.isNaN(matrix[t * T + k]), k > t);
  });

  test(`${name}: a loss at the last step arrives there with its own size; more losses send more`, () => {
    const own = Math.hypot(...DRAWN.direction);
    const last = gradients(name, DRAWN, SETTINGS);
    const every = gradients(name, DRAWN, { ...SETTINGS, loss: "every" });
    close(last.dh[0][T - 1], own);
    close(every.dh[0][T - 1], own);
    assert.notEqual(every.dh[0][0], last.dh[0][0]);
  });

  test(`${name}: each layer's matrix is computed once, when it is asked for`, () => {
    const found = gradients(name, DRAWN, { ...SETTINGS, depth: 2 });
    assert.equal(found.matrix(2), found.matrix(2));
    assert.notDeepEqual(found.matrix(1), found.matrix(2));
  });

  test(`${name}: the lowest layer alone knows nothing of skips; of several, a loss arrives at the top as it is`, () => {
    const deep = (settings) => gradients(name, DRAWN, { ...SETTINGS, ...settings });
    const { dh, gradient } = deep({ depth: 1, skips: true });
    assert.deepEqual({ dh, gradient }, { dh: deep({}).dh, gradient: deep({}).gradient });
    const [plain, skipping] = [deep({ depth: 3 }), deep({ depth: 3, skips: true })];
    for (const { dh: sizes } of [plain, skipping]) {
      assert.equal(sizes.length, 3);
      assert.ok(sizes.every((each) => each.every(Number.isFinite)));
      close(sizes[2][T - 1], Math.hypot(...DRAWN.direction));
    }
    for (const layer of [0, 1]) assert.notEqual(plain.dh[layer][T - 1], skipping.dh[layer][T - 1]);
  });
}

test("with the identity and skips, what comes down at the last step is (I + W_ih)ᵀ of what is above", () => {
  const { dh } = gradients("rnn", DRAWN, { ...SETTINGS, activation: "identity", depth: 3, skips: true });
  const down = (vector, { weight_ih }) => {
    const block = weight_ih.slice(2 * H * H, 3 * H * H);
    return vector.map((value, u) => vector.reduce((sum, each, row) => sum + block[row * H + u] * each, value));
  };
  const second = down([...DRAWN.direction], ABOVE[1]);
  close(dh[1][T - 1], Math.hypot(...second));
  close(dh[0][T - 1], Math.hypot(...down(second, ABOVE[0])));
});

test("the endless list of normal numbers is normal, and the same wherever one begins", () => {
  const numbers = [...normals(1000, 20000)];
  const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
  assert.ok(Math.abs(mean(numbers)) < 0.03);
  for (const [power, moment] of [[2, 1], [4, 3]]) {
    const found = mean(numbers.map((value) => value ** power));
    assert.ok(Math.abs(found - moment) < 0.1 * moment, `${power}: ${found}`);
  }
  const beside = (power) => mean(numbers.slice(1).map((value, n) => (value * numbers[n]) ** power));
  assert.ok(Math.abs(beside(1)) < 0.03 && Math.abs(beside(2) - 1) < 0.08, `${beside(1)}, ${beside(2)}`);
  assert.deepEqual(numbers.slice(7, 9), [...normals(1007, 2)]);
});

test("blocks are made orthogonal column by column, the first keeping its direction", () => {
  const blocks = array(2 * H * H);
  const found = orthogonalised(blocks, H);
  for (const start of [0, H * H]) {
    const entry = (values, row, column) => values[start + row * H + column];
    const rows = [0, 1, 2, 3];
    for (const a of rows) {
      for (const b of rows) {
        close(rows.reduce((sum, row) => sum + entry(found, row, a) * entry(found, row, b), 0), a === b ? 1 : 0);
      }
    }
    const length = Math.hypot(...rows.map((row) => entry(blocks, row, 0)));
    for (const row of rows) close(entry(found, row, 0) * length, entry(blocks, row, 0));
  }
});

test("a layer above is drawn once, and each from numbers of its own", () => {
  const array32 = (length, value) => {
    const data = new DataView(new ArrayBuffer(4 * length));
    for (let i = 0; i < length; i += 1) data.setFloat32(4 * i, value, true);
    return { shape: [length], data };
  };
  const drawn = { direction: array32(8, 0.5), radii: array32(20, 2), largest_gaussian: array32(6, 1) };
  const [one, other] = [unpacked(drawn, 0), unpacked(drawn, 1)];
  assert.equal(one.above(2), one.above(2));
  const all = [one, other].flatMap((each) => [2, 3, 4, 5, 6].flatMap((layer) => Object.values(each.above(layer))));
  const numbers = all.flatMap((values) => [...values]);
  assert.equal(numbers.length, 10 * (3 * 256 + 32));
  assert.ok(new Set(numbers).size > 0.99 * numbers.length);
});

test("with the identity every Jacobian between t and k is a power of W, of g's block", () => {
  const matrix = gradients("rnn", DRAWN, { ...SETTINGS, activation: "identity" }).matrix(1);
  const weight = DRAWN.gaussian.slice(2 * H * H, 3 * H * H).map((value) => 0.9 * value);
  let power = Float64Array.from({ length: H * H }, (_, i) => (i % (H + 1) === 0 ? 1 : 0));
  for (let distance = 0; distance < T; distance += 1) {
    const expected = Math.hypot(...power) / Math.sqrt(H);
    for (let k = 0; k + distance < T; k += 1) close(matrix[(k + distance) * T + k], expected);
    power = power.map((_, i) => {
      const [row, column] = [Math.floor(i / H), i % H];
      return [0, 1, 2, 3].reduce((sum, m) => sum + weight[row * H + m] * power[m * H + column], 0);
    });
  }
});

test("the forget bias opens the way of the LSTM and the GRU and leaves the RNN alone", () => {
  const far = (name, forgetBias) => gradients(name, DRAWN, { ...SETTINGS, forgetBias }).dh[0][0];
  assert.equal(far("rnn", -2), far("rnn", 6));
  for (const name of ["lstm", "gru"]) assert.ok(far(name, 6) > 10 * far(name, -2), name);
});

test("each activation's derivative equals its finite difference", () => {
  for (const [name, [f, derivative]] of Object.entries(ACTIVATIONS)) {
    for (const a of [-1.3, -0.2, 0.4, 2.1]) {
      const difference = (f(a + 1e-6) - f(a - 1e-6)) / 2e-6;
      assert.ok(Math.abs(derivative(f(a)) - difference) < 1e-8, `${name} at ${a}`);
    }
  }
});

test("the fast product equals the plain one and refuses sizes it cannot take", () => {
  const [R, M, N] = [6, 3, 8];
  const [left, right, out] = [array(R * M), array(M * N), new Float64Array(R * N)];
  multiply(left, right, out, R, M, N);
  for (let i = 0; i < R; i += 1) {
    for (let j = 0; j < N; j += 1) {
      close(out[i * N + j], [0, 1, 2].reduce((sum, m) => sum + left[i * M + m] * right[m * N + j], 0));
    }
  }
  const ahead = (t, product, next) => multiply(left, product, next, 3, 3, 3);
  const message = /rows must be a multiple of 2 and columns of 4, got 3 and 3/;
  assert.throws(() => jacobianNorms(2, { size: 3, ahead }), message);
});

test("clipping keeps what is small and cuts what is large to the threshold", () => {
  assert.deepEqual(clipped(0.5, 1), [0.5, 1]);
  assert.deepEqual(clipped(8, 2), [2, 0.25]);
});

test("fate and rate per step", () => {
  assert.deepEqual([1e-9, 0, 0.5, 1e5, Infinity].map(fate), ["gone", "gone", "alive", "huge", "huge"]);
  assert.ok(Math.abs(perStep(0.25, 2) - 0.5) < 1e-12);
});

test("the words say the numbers of the chosen steps, in both languages", () => {
  const found = { dh: new Float64Array([0.125, 0.5]), matrix: new Float64Array([1, NaN, 0.0321, 1]), gradient: 8 };
  for (const lang of ["ko", "en"]) {
    const label = translator(LABELS, lang);
    const alone = { found, layer: 1, depth: 1, T: 2, l: "" };
    const apart = describe({ ...alone, k: 1, t: 2, s: "s", loss: "last" }, label).join(" ");
    for (const part of ["s(1)", "s(2)", "0.125", "0.0321"]) assert.ok(apart.includes(part), `${part} in: ${apart}`);
    assert.ok(!/[{}]/.test(apart), apart);
    const same = describe({ ...alone, k: 2, t: 2, s: "h", loss: "every" }, label).join(" ");
    assert.ok(same.includes("h(2)") && !/[{}]/.test(same), same);
    for (const clip of [null, 2, 20]) {
      const words = describeClipping(8, clip, label);
      assert.ok(words.includes("8.00") && !/[{}]/.test(words), words);
    }
  }
});

test("of the Transformer the words speak of blocks and of one block's input and output", () => {
  for (const lang of ["ko", "en"]) {
    const label = translator(LABELS, lang);
    const found = { dh: [0.125, 1], matrix: [0.25, NaN, 0.0321, 0.5] };
    const said = (k, t) => describe(
      { name: "transformer", found, layer: 2, depth: 3, k, t, T: 2, s: "x", l: "2,", loss: "last" }, label,
    ).join(" ");
    for (const part of ["x(2,1)", "0.125", "x(1,1)", "x(2,2)", "0.0321"]) {
      assert.ok(said(1, 2).includes(part), said(1, 2));
    }
    assert.ok(said(2, 2).includes("0.500"), said(2, 2)); // not the identity: a block lies between
    assert.ok(!/[{}]/.test(said(1, 2)), said(1, 2));
    const [plain, skipping] = [false, true].map((skips) =>
      describeStack({ name: "transformer", s: "x", depth: 3, skips }, label));
    assert.ok(skipping.startsWith(plain) && skipping.length > plain.length && !/[{}]/.test(plain), plain);
    assert.ok(describeWeights({ name: "transformer", layer: 1, depth: 3, largest: 1 }, 0.7, label).includes("0.70"));
  }
});

test("every model drawn gets a line with its name and number, the others none", () => {
  const sizes = { lstm: new Float64Array([0.25, 1]), rnn: new Float64Array([0.001, 1]) };
  const [rnn, lstm, gru] = describeModels({ sizes, k: 1 }, translator(LABELS, "en"));
  assert.match(rnn, /^RNN\b.*0\.00100/);
  assert.match(lstm, /^LSTM\b.*0\.250/);
  assert.equal(gru, "");
});

test("of several layers the words name the layer, and say which paths are counted", () => {
  const found = { dh: new Float64Array([0.125, 0.5]), matrix: new Float64Array([1, NaN, 0.0321, 1]), gradient: 8 };
  for (const lang of ["ko", "en"]) {
    const label = translator(LABELS, lang);
    const said = (layer, loss = "last") =>
      describe({ found, layer, depth: 3, k: 1, t: 2, T: 2, s: "h", l: `${layer},`, loss }, label);
    for (const layer of [2, 3]) {
      const words = said(layer).join(" ");
      for (const part of [`h(${layer},1)`, `h(${layer},2)`, "0.125", "0.0321"]) assert.ok(words.includes(part), words);
      assert.ok(!/[{}]/.test(words), words);
      assert.equal(words.includes(label("within", { layer })), layer < 3, words);
      assert.equal(words.includes(label("fate_alive", { k: 1, t: 2 })), layer === 3, words);
    }
    assert.notEqual(said(2)[0], said(2, "every")[0]);
    const weights = (name, depth) => describeWeights({ name, layer: 2, depth, largest: 1.5 }, 2, label);
    assert.ok(weights("rnn", 3).includes("2") && weights("rnn", 3).includes("3.00"), weights("rnn", 3));
    assert.notEqual(weights("rnn", 3), weights("rnn", 1));
    assert.equal(weights("gru", 3), weights("gru", 1));
    const [plain, skipping] = [false, true].map((skips) => describeStack({ s: "h", depth: 3, skips }, label));
    assert.ok(skipping.startsWith(plain) && skipping.length > plain.length && plain.includes("h(l,t)"), plain);
  }
});

test("the map is told in words: its axes, its colours, its smallest and its largest size", () => {
  const layers = [new Float64Array([1e-5, 0.5, 20]), new Float64Array([0.01, 0.25, 1])];
  for (const lang of ["ko", "en"]) {
    const words = describeMap({ layers, s: "h", decades: 8 }, translator(LABELS, lang));
    for (const part of ["h(l,t)", "10⁻⁸", "10⁸", "1.00·10⁻⁵", "20.0"]) assert.ok(words.includes(part), words);
    assert.ok(!/[{}]/.test(words), words);
  }
  const english = describeMap({ layers, s: "h", decades: 8 }, translator(LABELS, "en"));
  assert.match(english, /smallest is 1\.00·10⁻⁵ in layer 1 at step 1, the largest 20\.0 in layer 1 at step 3/);
});
