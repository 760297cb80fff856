// The gradients of a stack of Transformer blocks with a causal mask: what models.js gives of the recurrent models.
// Matrices are row-major Float64Arrays: x (T, E) holds position t in x[t E … (t + 1) E).
import {
  attend, attendBackward, layerNorm, layerNormBackward, linear, linearBackward,
} from "../kit/transformer.js";
import { norm as length } from "./chain.js";

export const HEADS = 2;

// drawn, settings: as `gradients` of models.js takes them, and settings.norm: "pre" or "post". x(0,t) is the
// input times the lowest layer's first E rows of weight_ih; block l makes x(l,t) of x(l-1,t). q, k, v and o are that
// layer's four recurrent blocks, W_1 and W_2 the first two of weight_ih of the layer above, all times `radius`; with
// `skips` every sub-layer adds its input. Gives { dh, gradient, matrix }: dh[l-1][t-1] = ‖∂L/∂x(l,t)‖; the norm of all
// blocks' gradients together; matrix(l)[(t-1)·T + (k-1)] = ‖∂x(l,t)/∂x(l-1,k)‖, the Frobenius norm over √E, for t ≥ k,
// NaN elsewhere.
export function transformerGradients(drawn, settings) {
  const { steps: T, depth, loss } = settings;
  const { direction } = drawn;
  const E = direction.length;
  const layers = [];
  let x = embedded(drawn, settings);
  for (let layer = 1; layer <= depth; layer += 1) {
    const block = blockOf(drawn, layer, settings);
    const passed = blockForward(x, block, settings);
    layers.push({ x, block, ...passed });
    x = passed.y;
  }
  let dx = new Float64Array(T * E);
  for (let t = loss === "every" ? 0 : T - 1; t < T; t += 1) dx.set(direction, t * E);
  const dh = [];
  const norms = [];
  for (const { block, caches } of layers.toReversed()) {
    dh.unshift(Float64Array.from({ length: T }, (_, t) => length(dx.subarray(t * E, (t + 1) * E))));
    const back = blockBackward(dx, block, caches, settings);
    norms.push(...back.grads.map(length));
    dx = back.dx;
  }
  const matrices = [];
  const matrix = (layer) => {
    matrices[layer] ??= jacobianNorms(layers[layer - 1], settings, T);
    return matrices[layer];
  };
  return { dh, gradient: Math.hypot(...norms), matrix };
}

export function embedded({ x, weight_ih, direction }, { steps: T, inputScale }) {
  const E = direction.length;
  const D = weight_ih.length / (4 * E);
  const inputs = Float64Array.from({ length: T * D }, (_, at) => inputScale * x[at]);
  return linear(inputs, { weight: weight_ih.subarray(0, E * D), bias: new Float64Array(E) });
}

export function blockOf(drawn, layer, { weights, radius }) {
  const E = drawn.direction.length;
  const own = layer === 1 ? drawn : drawn.above(layer);
  const part = (array, n) => ({
    weight: array.slice(n * E * E, (n + 1) * E * E).map((value) => radius * value), bias: new Float64Array(E),
  });
  const [query, key, value, output] = [0, 1, 2, 3].map((n) => part(own[weights], n));
  const [linear1, linear2] = [0, 1].map((n) => part(drawn.above(layer + 1).weight_ih, n));
  const norm = { weight: new Float64Array(E).fill(1), bias: new Float64Array(E) };
  return { query, key, value, output, linear1, linear2, norm };
}

// --- Forward and backward: a sub-layer f is { forward(z) → { out, … }, backward(dout, cache) → { dz, grads } }

const sum = (a, b) => a.map((value, at) => value + b[at]);

function attention({ query, key, value, output }) {
  const E = output.bias.length;
  return {
    forward(z) {
      const T = z.length / E;
      const mask = Array.from({ length: T }, (_, t) => Array.from({ length: T }, (__, s) => s <= t));
      const [q, k, v] = [query, key, value].map((each) => linear(z, each));
      const { out: heads, weights } = attend(q, k, v, HEADS, mask);
      return { out: linear(heads, output), z, q, k, v, heads, weights };
    },
    backward(dout, cache) {
      const dheads = linearBackward(dout, output);
      const parts = attendBackward(dheads, cache, HEADS);
      const dz = [query, key, value].map((each, n) => linearBackward(parts[n], each)).reduce(sum);
      const grads = [...ofLinear(dout, cache.heads, E), ...parts.flatMap((dpart) => ofLinear(dpart, cache.z, E))];
      return { dz, grads };
    },
  };
}

function feedForward({ linear1, linear2 }) {
  const E = linear2.bias.length;
  return {
    forward(z) {
      const hidden = linear(z, linear1).map((value) => Math.max(0, value));
      return { out: linear(hidden, linear2), z, hidden };
    },
    backward(dout, { z, hidden }) {
      const dhidden = linearBackward(dout, linear2).map((value, at) => (hidden[at] > 0 ? value : 0));
      const grads = [...ofLinear(dout, hidden, E), ...ofLinear(dhidden, z, E)];
      return { dz: linearBackward(dhidden, linear1), grads };
    },
  };
}

export function blockForward(x, block, settings) {
  const caches = [];
  for (const f of [attention(block), feedForward(block)]) {
    const cache = { f };
    let z = x;
    if (settings.norm === "pre") ({ out: z } = cache.normed = layerNorm(x, block.norm));
    cache.inner = f.forward(z);
    x = settings.skips ? sum(x, cache.inner.out) : cache.inner.out;
    if (settings.norm === "post") ({ out: x } = cache.normed = layerNorm(x, block.norm));
    caches.push(cache);
  }
  return { y: x, caches };
}

export function blockBackward(dy, block, caches, { norm, skips }) {
  const all = [];
  for (const { f, inner, normed } of caches.toReversed()) {
    if (norm === "post") {
      all.push(...ofNorm(dy, normed));
      dy = layerNormBackward(dy, normed, block.norm);
    }
    let { dz, grads } = f.backward(dy, inner);
    if (norm === "pre") {
      all.push(...ofNorm(dz, normed));
      dz = layerNormBackward(dz, normed, block.norm);
    }
    all.push(...grads);
    dy = skips ? sum(dy, dz) : dz;
  }
  return { dx: dy, grads: all };
}

// The gradients of a linear layer's weight (E, E) and bias (E) from dout (T, E) and its input (T, E).
function ofLinear(dout, input, E) {
  const [weight, bias] = [new Float64Array(E * E), new Float64Array(E)];
  for (let at = 0; at < dout.length; at += E) {
    for (let o = 0; o < E; o += 1) {
      bias[o] += dout[at + o];
      for (let i = 0; i < E; i += 1) weight[o * E + i] += dout[at + o] * input[at + i];
    }
  }
  return [weight, bias];
}

// Those of a norm's scale and shift.
function ofNorm(dout, { xHat, invStd }) {
  const E = xHat.length / invStd.length;
  const [scale, shift] = [new Float64Array(E), new Float64Array(E)];
  dout.forEach((value, at) => {
    scale[at % E] += value * xHat[at];
    shift[at % E] += value;
  });
  return [scale, shift];
}

// --- One block's Jacobians: of position t by position k, an (E, E) matrix for each pair t ≥ k

// What a norm does to a small change at position t: (E, E).
function normJacobian({ xHat, invStd }, t, E) {
  return Float64Array.from({ length: E * E }, (_, at) => {
    const [i, j] = [Math.floor(at / E), at % E];
    return invStd[t] * ((i === j) - 1 / E - (xHat[t * E + i] * xHat[t * E + j]) / E);
  });
}

function times(left, right, E) {
  const out = new Float64Array(E * E);
  for (let i = 0; i < E; i += 1) {
    for (let m = 0; m < E; m += 1) {
      const value = left[i * E + m];
      if (value) for (let j = 0; j < E; j += 1) out[i * E + j] += value * right[m * E + j];
    }
  }
  return out;
}

const identity = (E) => Float64Array.from({ length: E * E }, (_, at) => Number(at % (E + 1) === 0));

// W_2 · [h > 0] · W_1 at position t.
function feedForwardJacobian({ linear1, linear2 }, { hidden }, t, E) {
  const open = linear2.weight.map((weight, at) => (hidden[t * E + (at % E)] > 0 ? weight : 0));
  return times(open, linear1.weight, E);
}

// The attention's output at t by its input at k ≤ t: for each head W_o [α W_v + α (v_k - ō_t) ⊗ (q_t W_k) / √K], and at
// k = t also W_o [Σ_s α_s (v_s - ō_t) ⊗ (k_s W_q) / √K], ō_t being the head's output.
function attentionJacobian({ query, key, value, output }, { q, k: keys, v, heads, weights }, t, k, T, E) {
  const K = E / HEADS;
  const inner = new Float64Array(E * E); // of the joined heads
  for (let n = 0; n < HEADS; n += 1) {
    const alpha = weights[(n * T + t) * T + k];
    const [byKey, cross] = [new Float64Array(E), new Float64Array(K * E)];
    for (let a = n * K; a < (n + 1) * K; a += 1) {
      for (let j = 0; j < E; j += 1) byKey[j] += (q[t * E + a] * key.weight[a * E + j]) / Math.sqrt(K);
    }
    if (k === t) {
      for (let s = 0; s <= t; s += 1) {
        const weight = weights[(n * T + t) * T + s];
        for (let a = 0; a < K; a += 1) {
          const away = (weight * (v[s * E + n * K + a] - heads[t * E + n * K + a])) / Math.sqrt(K);
          for (let b = n * K; b < (n + 1) * K; b += 1) {
            for (let j = 0; j < E; j += 1) cross[a * E + j] += away * keys[s * E + b] * query.weight[b * E + j];
          }
        }
      }
    }
    for (let a = 0; a < K; a += 1) {
      const row = n * K + a;
      const away = v[k * E + row] - heads[t * E + row];
      for (let j = 0; j < E; j += 1) {
        inner[row * E + j] = alpha * (value.weight[row * E + j] + away * byKey[j]) + cross[a * E + j];
      }
    }
  }
  return times(output.weight, inner, E);
}

function jacobianNorms({ block, caches: [first, second] }, { norm, skips }, T) {
  const E = block.norm.bias.length;
  const norms = new Float64Array(T * T).fill(NaN);
  const positions = Array.from({ length: T }, (_, t) => t);
  const ofFirst = positions.map((t) => normJacobian(first.normed, t, E));
  const ofSecond = positions.map((t) => {
    const normed = normJacobian(second.normed, t, E);
    let own = feedForwardJacobian(block, second.inner, t, E);
    if (norm === "pre") own = times(own, normed, E);
    if (skips) own = sum(own, identity(E));
    return norm === "post" ? times(normed, own, E) : own;
  });
  for (let t = 0; t < T; t += 1) {
    for (let k = 0; k <= t; k += 1) {
      let moved = attentionJacobian(block, first.inner, t, k, T, E);
      if (norm === "pre") moved = times(moved, ofFirst[k], E);
      if (skips && k === t) moved = sum(moved, identity(E));
      if (norm === "post") moved = times(ofFirst[t], moved, E);
      norms[t * T + k] = length(times(ofSecond[t], moved, E)) / Math.sqrt(E);
    }
  }
  return norms;
}
