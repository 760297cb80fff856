// A trained translator as Python sent it: an encoder, Luong's decoder and a score, forward and backward, one step each.
import { gruStep, gruStepBackward } from "../kit/gru.js";
import { projectInput } from "../kit/lstm.js";
import { readSafetensors } from "../kit/safetensors.js";
import { dot, logSoftmax, plus, scaledBy, softmax, times, timesTransposed } from "../kit/vectors.js";

export const SCORES = { // what of a key does not wait for a query; the score; and its gradients
  dot: () => ({
    project: (key) => key,
    compare: (query, projected) => dot(query, projected),
    // dquery and dprojected of dscore
    back: (query, projected, dscore) => [scaledBy(projected, dscore), scaledBy(query, dscore)],
    projectBack: (dprojected) => dprojected,
  }),
  "scaled dot": ({ H }) => {
    const plain = SCORES.dot();
    return {
      ...plain,
      project: (key) => scaledBy(key, H ** -0.5),
      projectBack: (dprojected) => scaledBy(dprojected, H ** -0.5),
    };
  },
  general: ({ weight }) => ({
    ...SCORES.dot(),
    project: (key) => times(weight, key),
    projectBack: (dprojected) => timesTransposed(weight, dprojected),
  }),
  additive: ({ weight_query, weight_key, v }) => {
    const hidden = (query, projected) => plus(times(weight_query, query), projected).map(Math.tanh);
    return {
      project: (key) => times(weight_key, key),
      compare: (query, projected) => dot(v, hidden(query, projected)),
      back(query, projected, dscore) {
        const dhidden = hidden(query, projected).map((each, a) => dscore * v[a] * (1 - each * each)); // before tanh
        return [timesTransposed(weight_query, dhidden), dhidden];
      },
      projectBack: (dprojected) => timesTransposed(weight_key, dprojected),
    };
  },
};

export function createNetwork(file, score) {
  const arrays = readSafetensors(file);
  const values = (name) => arrays[name].values;
  const H = arrays["encoder.recurrent.bias_hn"].shape[0];

  function recurrent(part) {
    const { values: embedding, shape: [, D] } = arrays[`${part}.embedding.weight`];
    const names = ["weight_ih", "weight_hh", "bias", "bias_hn"];
    const weights = Object.fromEntries(names.map((name) => [name, values(`${part}.recurrent.${name}`)]));
    const inputs = new Map(); // W_ih x + b of an id is the same wherever it stands
    const project = (id) => {
      if (!inputs.has(id)) inputs.set(id, projectInput(weights, embedding.subarray(id * D, (id + 1) * D)));
      return inputs.get(id);
    };
    const step = (id, h) => gruStep(weights, project(id), h);
    // From what arrives at the outputs (T of H): the whole gradient at each state, at each input, and at `start`.
    function back(steps, start, dOutputs) {
      const [states, dInputs] = [[], []];
      let dh = new Float64Array(H);
      for (let t = dOutputs.length - 1; t >= 0; t -= 1) {
        dh = plus(dh, dOutputs[t]);
        states.unshift(dh);
        const found = gruStepBackward(weights, steps[t], t ? steps[t - 1].h : start, dh);
        dInputs.unshift(timesTransposed(weights.weight_ih, found.projected));
        dh = found.before;
      }
      return { states, inputs: dInputs, start: dh };
    }
    return { step, back };
  }
  const [encoder, decoder] = [recurrent("encoder"), recurrent("decoder")];
  const own = ["weight", "weight_query", "weight_key", "v"].filter((name) => arrays[`decoder.score.${name}`]);
  const parts = Object.fromEntries(own.map((name) => [name, values(`decoder.score.${name}`)]));
  const { project, compare, back, projectBack } = SCORES[score]({ H, ...parts });
  const combine = { weight: values("decoder.combine.weight"), bias: values("decoder.combine.bias") };
  const output = { weight: values("decoder.output.weight"), bias: values("decoder.output.bias") };

  function read(ids) {
    const steps = [];
    for (const id of ids) steps.push(encoder.step(id, steps.at(-1)?.h ?? new Float64Array(H)));
    const states = steps.map(({ h }) => h);
    return { steps, states, projected: states.map(project) };
  }

  const zeros = () => new Float64Array(H);

  // What follows from weights at a state s: the context, a and the log-probabilities.
  function write(states, s, weights) {
    const context = states.reduce((sum, h, i) => plus(sum, scaledBy(h, weights[i])), zeros());
    const a = times(combine.weight, Float64Array.from([...context, ...s]), combine.bias).map(Math.tanh);
    return { context, a, logProbs: logSoftmax(times(output.weight, a, output.bias)) };
  }

  // The way back from log p(token) at the last of the decoder's `steps` (see study.js) to everything before it.
  function backward({ steps: read, states, projected }, steps, token) {
    const { s, a, logProbs, weights, softmax: learned, byHand, temperature, mode } = steps.at(-1);
    const dLogits = logProbs.map((log, n) => (n === token ? 1 : 0) - Math.exp(log));
    const dA = timesTransposed(output.weight, dLogits);
    const both = timesTransposed(combine.weight, dA.map((each, u) => each * (1 - a[u] * a[u])));
    const dContext = mode === "off" ? zeros() : both.slice(0, H);
    const dWeights = Float64Array.from(states, (h) => dot(h, dContext));
    const dValues = states.map((_, i) => scaledBy(dContext, weights[i]));
    const S = states.length;
    const dSoftmax = mode === "shifted" ? dWeights.map((_, i) => dWeights[(i + 1) % S]) : dWeights;
    const mean = dot(learned, dSoftmax);
    const throughSoftmax = (each, i) => (learned[i] * (each - mean)) / temperature;
    const dScores = byHand ? new Float64Array(S) : dSoftmax.map(throughSoftmax);
    const pairs = states.map((_, i) => back(s, projected[i], dScores[i]));
    const dQuery = pairs.reduce((sum, [query]) => plus(sum, query), zeros());
    const dKeys = pairs.map(([, key]) => projectBack(key));

    const dS = steps.map(() => zeros());
    dS[dS.length - 1] = plus(both.slice(H), dQuery);
    const written = decoder.back(steps.map(({ cell }) => cell), states.at(-1), dS);
    const dMemory = states.map((_, i) => plus(dValues[i], dKeys[i]));
    dMemory[S - 1] = plus(dMemory[S - 1], written.start); // the decoder starts from the encoder's last state
    const source = encoder.back(read, zeros(), dMemory);
    return {
      dLogits, dAttentional: dA, dContext, dWeights, dSoftmax, mean, dScores, dQuery, dDecoder: written.states, dValues,
      dKeys, dStart: written.start, dStates: source.states, dInputs: source.inputs,
    };
  }
  return { H, read, compare, softmax, write, backward, decode: decoder.step };
}
