// The trained encoder and decoder as Python sent them: `specimen` = { weights, characters, tokens, end, start, most }.
import { gruStep } from "../kit/gru.js";
import { projectInput } from "../kit/lstm.js";
import { readSafetensors } from "../kit/safetensors.js";
import { logSoftmax, times } from "../kit/vectors.js";

export function createNetwork({ weights: file, characters, tokens, end, start, most }) {
  const arrays = readSafetensors(file);
  const recurrent = (part) => {
    const { values: embedding, shape: [, D] } = arrays[`${part}.embedding.weight`];
    const names = ["weight_ih", "weight_hh", "bias", "bias_hn"];
    const weights = Object.fromEntries(names.map((name) => [name, arrays[`${part}.recurrent.${name}`].values]));
    const inputs = new Map(); // W_ih x + b of an id is the same wherever it stands
    const project = (id) => {
      if (!inputs.has(id)) inputs.set(id, projectInput(weights, embedding.subarray(id * D, (id + 1) * D)));
      return inputs.get(id);
    };
    return (id, h) => gruStep(weights, project(id), h).h;
  };
  const encode = recurrent("encoder");
  const decode = recurrent("decoder");
  const output = { weight: arrays["decoder.output.weight"].values, bias: arrays["decoder.output.bias"].values };
  const H = arrays["encoder.recurrent.bias_hn"].shape[0];

  // The encoder's states h(1) … h(S) along ids.
  function read(ids) {
    const states = [];
    for (const id of ids) states.push(encode(id, states.at(-1) ?? new Float64Array(H)));
    return states;
  }

  // One step of the decoder: its new state and the log-probabilities (V) of the next token.
  function step(token, before) {
    const h = decode(token, before);
    return { h, logProbs: logSoftmax(times(output.weight, h, output.bias)) };
  }
  return { H, V: output.bias.length, characters, tokens, end, start, most, read, step };
}
