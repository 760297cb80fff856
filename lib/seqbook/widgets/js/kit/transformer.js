// The parts of a Transformer as `seqbook.scratch` computes them, and the decoder-only one under any mask, with the
// gradient of its tokens' vectors (encoder-decoder.js has the one with two stacks).
// Matrices are row-major Float64Arrays: x (T, E) holds token t in x[t E … (t + 1) E).

const EPS = 1e-5; // of the normalisation, as in scratch.LayerNorm

// x Wᵀ + b: x (T, I) → (T, O) with weight (O, I).
export function linear(x, { weight, bias }) {
  const O = bias.length;
  const I = weight.length / O;
  const T = x.length / I;
  const out = new Float64Array(T * O);
  for (let t = 0; t < T; t += 1) {
    for (let o = 0; o < O; o += 1) {
      let sum = bias[o];
      for (let i = 0; i < I; i += 1) sum += weight[o * I + i] * x[t * I + i];
      out[t * O + o] = sum;
    }
  }
  return out;
}

// dx (T, I) of `linear`, from dout (T, O).
export function linearBackward(dout, { weight, bias }) {
  const O = bias.length;
  const I = weight.length / O;
  const T = dout.length / O;
  const dx = new Float64Array(T * I);
  for (let t = 0; t < T; t += 1) {
    for (let o = 0; o < O; o += 1) {
      const d = dout[t * O + o];
      if (d) for (let i = 0; i < I; i += 1) dx[t * I + i] += d * weight[o * I + i];
    }
  }
  return dx;
}

// Every token brought to mean 0 and variance 1, scaled and shifted: { out, xHat, invStd }.
export function layerNorm(x, { weight, bias }) {
  const E = bias.length;
  const [out, xHat, invStd] = [new Float64Array(x.length), new Float64Array(x.length), new Float64Array(x.length / E)];
  for (let t = 0; t < invStd.length; t += 1) {
    let [mean, variance] = [0, 0];
    for (let e = 0; e < E; e += 1) mean += x[t * E + e] / E;
    for (let e = 0; e < E; e += 1) variance += (x[t * E + e] - mean) ** 2 / E;
    invStd[t] = 1 / Math.sqrt(variance + EPS);
    for (let e = 0; e < E; e += 1) {
      const at = t * E + e;
      xHat[at] = (x[at] - mean) * invStd[t];
      out[at] = xHat[at] * weight[e] + bias[e];
    }
  }
  return { out, xHat, invStd };
}

export function layerNormBackward(dout, { xHat, invStd }, { weight }) {
  const E = weight.length;
  const dx = new Float64Array(dout.length);
  for (let t = 0; t < invStd.length; t += 1) {
    let [mean, along] = [0, 0]; // of dx̂, and of dx̂ ∘ x̂
    for (let e = 0; e < E; e += 1) {
      const d = dout[t * E + e] * weight[e];
      mean += d / E;
      along += (d * xHat[t * E + e]) / E;
    }
    for (let e = 0; e < E; e += 1) {
      const at = t * E + e;
      dx[at] = invStd[t] * (dout[at] * weight[e] - mean - xHat[at] * along);
    }
  }
  return dx;
}

// N attentions side by side, q (T, E) on k and v (S, E): { out (T, E), weights (N, T, S) }. `mask[t][s]`: may t look at
// s? The row of a token that may look at nothing is zeros.
export function attend(q, k, v, N, mask) {
  const T = mask.length;
  const S = T ? mask[0].length : 0;
  const E = T ? q.length / T : 0;
  const K = E / N;
  const scale = 1 / Math.sqrt(K);
  const [out, weights] = [new Float64Array(T * E), new Float64Array(N * T * S)];
  for (let n = 0; n < N; n += 1) {
    for (let t = 0; t < T; t += 1) {
      const row = (n * T + t) * S;
      let most = -Infinity;
      for (let s = 0; s < S; s += 1) {
        if (!mask[t][s]) continue;
        let score = 0;
        for (let e = n * K; e < (n + 1) * K; e += 1) score += q[t * E + e] * scale * k[s * E + e];
        weights[row + s] = score;
        most = Math.max(most, score);
      }
      let total = 0;
      for (let s = 0; s < S; s += 1) {
        weights[row + s] = mask[t][s] ? Math.exp(weights[row + s] - most) : 0;
        total += weights[row + s];
      }
      for (let s = 0; s < S; s += 1) {
        if (!mask[t][s]) continue;
        weights[row + s] /= total;
        for (let e = n * K; e < (n + 1) * K; e += 1) out[t * E + e] += weights[row + s] * v[s * E + e];
      }
    }
  }
  return { out, weights };
}

// [dq, dk, dv] of `attend`, where T = S.
export function attendBackward(dout, { q, k, v, weights }, N) {
  const T = Math.sqrt(weights.length / N);
  const E = q.length / T;
  const K = E / N;
  const scale = 1 / Math.sqrt(K);
  const [dq, dk, dv] = [q, k, v].map((each) => new Float64Array(each.length));
  const dweights = new Float64Array(T);
  for (let n = 0; n < N; n += 1) {
    for (let t = 0; t < T; t += 1) {
      const row = (n * T + t) * T;
      let along = 0; // Σ dweights ∘ weights
      for (let s = 0; s < T; s += 1) {
        dweights[s] = 0;
        if (!weights[row + s]) continue;
        for (let e = n * K; e < (n + 1) * K; e += 1) {
          dweights[s] += dout[t * E + e] * v[s * E + e];
          dv[s * E + e] += weights[row + s] * dout[t * E + e];
        }
        along += dweights[s] * weights[row + s];
      }
      for (let s = 0; s < T; s += 1) {
        const dscore = (dweights[s] - along) * weights[row + s] * scale;
        if (!dscore) continue;
        for (let e = n * K; e < (n + 1) * K; e += 1) {
          dq[t * E + e] += dscore * k[s * E + e];
          dk[s * E + e] += dscore * q[t * E + e];
        }
      }
    }
  }
  return [dq, dk, dv];
}

export const sum = (...parts) => parts[0].map((_, at) => parts.reduce((total, part) => total + part[at], 0));

// Pre-norm attention: x + output(attend(…)), queries from norm(x), keys and values from there too, or from `memory`.
// `layers` = { query, key, value, output }. Scores are divided by the temperature; of a head (from 0) that is `erased`
// nothing goes on: `mixed` (T, E), what the heads gather, is zeros there.
export function attention(x, layers, norm, N, mask, { memory = null, temperature = 1, erased = () => false } = {}) {
  const norm1 = layerNorm(x, norm);
  const looked = memory ?? norm1.out;
  const [q, k, v] = [linear(norm1.out, layers.query), linear(looked, layers.key), linear(looked, layers.value)];
  const { out: mixed, weights } = attend(temperature === 1 ? q : q.map((each) => each / temperature), k, v, N, mask);
  const E = norm.bias.length;
  for (let n = 0; n < N; n += 1) {
    if (erased(n)) mixed.forEach((_, at) => { if (Math.floor(((at % E) * N) / E) === n) mixed[at] = 0; });
  }
  return { y: sum(x, linear(mixed, layers.output)), norm1, q, k, v, mixed, weights };
}

// The other half: x + linear2(relu(linear1(norm(x)))).
export function feedForward(x, { linear1, linear2 }, norm) {
  const norm2 = layerNorm(x, norm);
  const hidden = linear(norm2.out, linear1);
  return { y: sum(x, linear(hidden.map((each) => Math.max(0, each)), linear2)), norm2, hidden };
}

function blockForward(x, block, N, mask) {
  const { y: middle, norm1, q, k, v, weights } = attention(x, block, block.norm1, N, mask);
  const { y, norm2, hidden } = feedForward(middle, block, block.norm2);
  return { y, weights, cache: { norm1, q, k, v, weights, norm2, hidden } };
}

function blockBackward(dy, block, N, cache) {
  const dactive = linearBackward(dy, block.linear2);
  const dhidden = dactive.map((each, at) => (cache.hidden[at] > 0 ? each : 0));
  const dmiddle = sum(dy, layerNormBackward(linearBackward(dhidden, block.linear1), cache.norm2, block.norm2));
  const gradients = attendBackward(linearBackward(dmiddle, block.output), cache, N);
  const parts = ["query", "key", "value"].map((name, at) => linearBackward(gradients[at], block[name]));
  return sum(dmiddle, layerNormBackward(sum(...parts), cache.norm1, block.norm1));
}

// (T, E): sin in the even and cos in the odd columns, the first token at position `start`.
export function sinusoids(T, E, start) {
  const table = new Float64Array(T * E);
  for (let t = 0; t < T; t += 1) {
    for (let e = 0; e < E; e += 1) {
      const angle = (start + t) * 10000 ** (-(e - (e % 2)) / E);
      table[t * E + e] = e % 2 ? Math.cos(angle) : Math.sin(angle);
    }
  }
  return table;
}

// Tokens' vectors (T, E): embedding · √E and the sinusoids of their positions, the first one at `start`.
export function tokens(ids, embedding, E, start = 0) {
  const x = sinusoids(ids.length, E, start);
  ids.forEach((id, t) => {
    for (let e = 0; e < E; e += 1) x[t * E + e] += embedding[id * E + e] * Math.sqrt(E);
  });
  return x;
}

// Layers out of `arrays` = { name: { values } }, by the names of their parameters.
export function layersOf(arrays) {
  const layer = (name) => ({ weight: arrays[`${name}.weight`].values, bias: arrays[`${name}.bias`].values });
  const layers = (prefix, ...names) => Object.fromEntries(names.map((each) => [each, layer(`${prefix}${each}`)]));
  const attentionOf = (at) => layers(`${at}.`, "query", "key", "value", "output");
  const feedForwardOf = (at) => layers(`${at}.feed_forward.`, "linear1", "linear2");
  // The blocks of a stack, each made by `make(name)`.
  const blocks = (stack, make) => {
    const found = [];
    while (arrays[`${stack}.blocks.${found.length}.norm1.bias`]) found.push(make(`${stack}.blocks.${found.length}`));
    return found;
  };
  const encoderBlock = (at) => ({
    ...attentionOf(`${at}.attention`), ...feedForwardOf(at), ...layers(`${at}.`, "norm1", "norm2"),
  });
  return { layer, layers, attentionOf, feedForwardOf, blocks, encoderBlock };
}

// `arrays` under the names of scratch.LanguageModel's parameters; positions are sinusoidal, and `heads` is N.
export function createTransformer(arrays, heads) {
  const { layer, blocks: blocksOf, encoderBlock } = layersOf(arrays);
  const embedding = arrays["tokens.embedding.weight"].values;
  const blocks = blocksOf("stack", encoderBlock);
  const [norm, output] = [layer("stack.norm"), layer("output")];
  const E = norm.bias.length;

  // logits (T, V) after `layers` blocks under the mask (T, T), each block's attention weights (N, T, T), and the cache.
  function forward(ids, mask, { layers = blocks.length, start = 0 } = {}) {
    let x = tokens(ids, embedding, E, start);
    const passed = blocks.slice(0, layers).map((block) => {
      const { y, ...rest } = blockForward(x, block, heads, mask);
      x = y;
      return rest;
    });
    const last = layerNorm(x, norm);
    const caches = passed.map(({ cache }) => cache);
    return { logits: linear(last.out, output), weights: passed.map(({ weights }) => weights), cache: { caches, last } };
  }

  // dx (T, E): the gradient of the tokens' vectors, position and all, from dlogits (T, V).
  function backward(dlogits, { caches, last }) {
    let dx = layerNormBackward(linearBackward(dlogits, output), last, norm);
    for (let at = caches.length - 1; at >= 0; at -= 1) dx = blockBackward(dx, blocks[at], heads, caches[at]);
    return dx;
  }
  return { E, V: output.bias.length, forward, backward };
}
