// A trained model as Python sent it, ready to run: `specimen` = { weights, characters, labels, predicts }, the bytes of
// its file, its characters by id (null where it reads numbers), and what its outputs mean.
import { projectInput } from "../kit/lstm.js";
import { readSafetensors } from "../kit/safetensors.js";
import { linear } from "./prediction.js";
import { createRun } from "./run.js";
import { readCharacters, readNumbers } from "./specimens.js";

export function createNetwork({ weights: file, characters, labels, predicts }) {
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
  const output = { weight: values("output.weight"), bias: values("output.bias") };
  return {
    kind: embedding ? "characters" : "numbers",
    predicts,
    labels: predicts === "next" ? characters : labels,
    H: weights.bias.length / 4,
    weights,
    project,
    read: embedding ? (text) => readCharacters(text, ids) : readNumbers,
    outputs: ({ h }) => linear(output, h),
  };
}

// All its numbers along a text: { i, f, g, o, c, h, outputs }, a row for every step.
export function everything(specimen, text, clamps) {
  const network = createNetwork(specimen);
  const { steps } = network.read(text);
  const run = createRun(network);
  run.read(steps, clamps);
  run.advance(steps.length);
  const rows = (name) => run.steps.map((step) => [...step[name]]);
  const numbers = Object.fromEntries(["i", "f", "g", "o", "c", "h"].map((name) => [name, rows(name)]));
  return { ...numbers, outputs: run.steps.map((step) => [...network.outputs(step)]) };
}
