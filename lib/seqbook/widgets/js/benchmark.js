// node lib/seqbook/widgets/js/benchmark.js: what one drag of a slider computes, at each widget's largest setting.
import { gradients } from "./gradient-flow/models.js";
import { buildGraph, cone, sensitivities } from "./unfolding/graph.js";
import { forward } from "./unfolding/recurrence.js";

function milliseconds(work, repeats = 200) {
  for (let i = 0; i < 50; i += 1) work(); // the engine compiles what runs often
  const times = Array.from({ length: repeats }, () => {
    const start = performance.now();
    work();
    return performance.now() - start;
  }).sort((a, b) => a - b);
  return { median: times[repeats >> 1], worst: times.at(-1) };
}

const array = (length) => Float64Array.from({ length }, () => Math.random() - 0.5);
const [H, D, T] = [8, 4, 50];
const drawn = {
  weight_ih: array(4 * H * D), gaussian: array(4 * H * H), bias: array(4 * H), x: array(T * D), direction: array(H),
};
const flow = {
  steps: T, weights: "gaussian", activation: "tanh", radius: 1, inputScale: 1, forgetBias: 1, loss: "every",
};
const settings = {
  pattern: 1, steps: 12, teacher: false, loss: true, state: 0, params: { U: 1, W: 1, V: 1, b: 0, c: 0 },
  x: array(12), y: array(12),
};
const graph = buildGraph(settings);
const cases = {
  "gradient flow, H=8, T=50": () => [
    gradients("lstm", drawn, flow),
    ...["rnn", "gru"].map((name) => gradients(name, drawn, flow, { matrix: false })),
  ],
  "unfolding, T=12": () => [cone(graph, "L12"), sensitivities(graph, "L12", settings, forward(settings))],
};
for (const [name, work] of Object.entries(cases)) {
  const { median, worst } = milliseconds(work);
  console.log(`${name.padEnd(28)} median ${median.toFixed(2)} ms, worst ${worst.toFixed(2)} ms`);
}
