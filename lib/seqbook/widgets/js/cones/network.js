// The trained network as Python sent it: two RNNs, one from each end, and an output for each of three readers.
import { projectInput, sigmoid } from "../kit/lstm.js";
import { readSafetensors } from "../kit/safetensors.js";

export const READERS = ["forward", "backward", "both"];

// h(t) = tanh(W_ih x(t) + W_hh h(t-1) + b) along the projected inputs, in the order they are given.
function run({ weight_hh }, projected) {
  let h = new Float64Array(projected.length ? projected[0].length : 0);
  return projected.map((a) => {
    const before = h;
    const H = before.length;
    h = a.map((sum, row) => {
      for (let m = 0; m < H; m += 1) sum += weight_hh[row * H + m] * before[m];
      return Math.tanh(sum);
    });
    return h;
  });
}

// What reads letters, made of the weights of both layers and of the output (readers × 2H) and of what gives a letter's
// vector: states (T arrays of H) of the two layers, and for each of READERS the probability of a space at the T-1 gaps.
export function createReader({ forward, backward, weight, bias, vector }) {
  const H = forward.bias.length;
  const logit = (reader, ahead, back) => {
    let sum = bias[reader];
    for (let u = 0; u < H; u += 1) {
      sum += weight[reader * 2 * H + u] * ahead[u] + weight[(2 * reader + 1) * H + u] * back[u];
    }
    return sum;
  };
  return (letters) => {
    const vectors = letters.map(vector);
    const ahead = run(forward, vectors.map((x) => projectInput(forward, x)));
    const back = run(backward, vectors.map((x) => projectInput(backward, x)).reverse()).reverse();
    const probability = READERS.map((_, reader) =>
      ahead.slice(0, -1).map((h, n) => sigmoid(logit(reader, h, back[n]))));
    return { forward: ahead, backward: back, probability };
  };
}

// `specimen` = { weights, characters }: the bytes of the model's file, its characters by id (0 is the unknown one).
export function createNetwork({ weights: file, characters }) {
  const arrays = readSafetensors(file);
  const values = (name) => arrays[name].values;
  const layer = (name) => ({
    weight_ih: values(`rnn.${name}.weight_ih`),
    weight_hh: values(`rnn.${name}.weight_hh`),
    bias: values(`rnn.${name}.bias`),
  });
  const [embedding, D] = [values("embedding.weight"), arrays["embedding.weight"].shape[1]];
  const ids = new Map(characters.slice(1).map((character, n) => [character, n + 1]));
  const vector = (letter) => {
    const id = ids.get(letter) ?? 0;
    return embedding.subarray(id * D, (id + 1) * D);
  };
  const [forward, backward] = [layer("forward_layer"), layer("backward_layer")];
  const [weight, bias] = [values("output.weight"), values("output.bias")];
  return { read: createReader({ forward, backward, weight, bias, vector }), isKnown: (letter) => ids.has(letter) };
}
