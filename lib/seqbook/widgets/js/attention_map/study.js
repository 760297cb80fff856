// All that the widget shows, computed again only where something that it depends on has changed.
import { memo } from "../kit/memo.js";
import { createNetwork } from "./network.js";
import { cut, idsOf } from "./signs.js";

// A row of weights in which the i-th is `weight`; the others give way, keeping their proportions.
export function giveWay(weights, i, weight) {
  const rest = 1 - weights[i];
  const S = weights.length;
  if (S === 1) return [1];
  return Array.from(weights, (each, j) => {
    if (j === i) return weight;
    return rest > 1e-9 ? (each * (1 - weight)) / rest : (1 - weight) / (S - 1);
  });
}

// The weights that a step is written with: { weights, byHand }; those set by hand no longer come from the scores.
export function weightsOf(learned, mode, row) {
  const S = learned.length;
  if (mode === "off") return { weights: new Float64Array(S), byHand: true };
  if (row?.length === S) return { weights: Float64Array.from(row), byHand: true };
  if (mode === "uniform") return { weights: new Float64Array(S).fill(1 / S), byHand: true };
  if (mode === "shifted") return { weights: learned.map((_, i) => learned[(i + S - 1) % S]), byHand: false };
  return { weights: learned, byHand: false };
}

// `study(get)`, with get(trait):
//   task       the trained model: { source, target, kinds, files … }, and `score`, the one that counts
//   read       { signs, ids, unread }
//   encoder    network.read's, null where there is no text
//   steps      one for each sign that is written: { token, s, cell, scores, softmax, weights, byHand, context, a,
//              logProbs, temperature, mode }
// and `study.back(get)`: { token, ... network.backward's } at the present step, or null
export function createStudy(specimen, limit, calls = {}) {
  const count = (name) => (calls[name] = (calls[name] ?? 0) + 1);
  const { models, start, end, most } = specimen;
  const loaded = new Map();
  const load = (model, wanted) => {
    const task = models[model];
    const score = wanted in task.files ? wanted : Object.keys(task.files)[0];
    const key = `${model} ${score}`;
    if (!loaded.has(key)) {
      const [first, last] = [start, end].map((sign) => task.target.indexOf(sign));
      const network = createNetwork(task.files[score], score);
      loaded.set(key, { ...task, score, start: first, end: last, network, idOf: idsOf(task.source) });
    }
    return loaded.get(key);
  };
  const reading = memo((model, score, text) => {
    count("read");
    const { network, kinds, idOf } = load(model, score);
    const read = cut(text, kinds[0], limit);
    const ids = read.signs.map(idOf);
    return { read: { ...read, ids }, encoder: ids.length ? network.read(ids) : null };
  });
  const writing = memo((model, score, text, temperature, mode, moved) => {
    count("write");
    const { network, start: first, end: last } = load(model, score);
    const { encoder } = reading(model, score, text);
    const { states, projected } = encoder;
    const rows = new Map(moved.map(({ step, weights }) => [step, weights]));
    const steps = [];
    let [token, s] = [first, states.at(-1)];
    while (steps.length < most && token !== last) {
      const cell = network.decode(token, s);
      s = cell.h;
      const scores = Float64Array.from(projected, (each) => network.compare(s, each));
      const learned = network.softmax(scores.map((each) => each / temperature));
      const looked = { softmax: learned, ...weightsOf(learned, mode, rows.get(steps.length + 1)) };
      const written = network.write(states, s, looked.weights);
      token = written.logProbs.reduce((best, log, n, all) => (log > all[best] ? n : best), 0);
      steps.push({ token, s, cell, scores, ...looked, ...written, temperature, mode });
    }
    return steps;
  });
  const goingBack = memo((settings, t, token) => {
    count("back");
    const [model, score, text] = settings;
    const { encoder } = reading(model, score, text);
    return load(model, score).network.backward(encoder, writing(...settings).slice(0, t), token);
  });
  const settingsOf = (get) => {
    const { score } = load(get("model"), get("score"));
    return [get("model"), score, get("text"), get("temperature"), get("attention"), get("moved")];
  };
  const study = (get) => {
    const settings = settingsOf(get);
    const [model, score, text] = settings;
    const { read, encoder } = reading(model, score, text);
    return { task: load(model, score), read, encoder, steps: encoder ? writing(...settings) : [] };
  };
  study.back = (get) => {
    const { task, steps } = study(get);
    if (!steps.length) return null;
    const t = Math.min(get("time"), steps.length);
    const wanted = task.target.indexOf(get("output"));
    const token = wanted >= 0 && wanted !== task.start ? wanted : steps[t - 1].token;
    return { token, ...goingBack(settingsOf(get), t, token) };
  };
  return study;
}
