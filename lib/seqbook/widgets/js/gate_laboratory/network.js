// A trained model as Python sent it, ready to run: `specimen` = { weights, characters, labels, predicts }, the bytes of
// its file, its characters by id (null where it reads numbers), and what its outputs mean. Of a text it reads the first
// `limit` steps.
import { projectInput } from "../kit/lstm.js";
import { readSafetensors } from "../kit/safetensors.js";
import { times } from "../kit/vectors.js";
import { readCharacters, readNumbers } from "./specimens.js";

export function createNetwork({ weights: file, characters, labels, predicts }, limit) {
  const arrays = readSafetensors(file);
  const values = (name) => arrays[name]?.values;
  const weights = {
    weight_ih: values("lstm.weight_ih"),
    weight_hh: values("lstm.weight_hh"),
    bias: values("lstm.bias"),
  };
  const D = arrays["lstm.weight_ih"].shape[1];
  const embedding = values("embedding.weight");
  const vector = embedding
    ? ({ key }) => embedding.subarray(key * D, (key + 1) * D)
    : ({ value, marker }) => [value, marker];
  const projected = new Map(); // characters return: W_ih x + b is computed once for each
  const project = (step) => {
    if (!projected.has(step.key)) projected.set(step.key, projectInput(weights, vector(step)));
    return projected.get(step.key);
  };
  const ids = new Map((characters ?? []).slice(1).map((character, n) => [character, n + 1]));
  const [outWeight, outBias] = [values("output.weight"), values("output.bias")];
  return {
    kind: embedding ? "characters" : "numbers",
    predicts,
    labels: predicts === "next" ? characters : labels,
    H: weights.bias.length / 4,
    weights,
    project,
    limit,
    read: (text) => (embedding ? readCharacters(text, ids, limit) : readNumbers(text, limit)),
    outputs: ({ h }) => times(outWeight, h, outBias),
  };
}
