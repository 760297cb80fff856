// The trained Transformer: all that is shown, computed again only where something that it depends on has changed.
import { createEncoderDecoder } from "../kit/encoder-decoder.js";
import { memo } from "../kit/memo.js";
import { readSafetensors } from "../kit/safetensors.js";
import { dot, logSoftmax, times } from "../kit/vectors.js";
import { cut, idsOf } from "./signs.js";

export const PLACES = ["encoder", "decoder", "cross"];
export const nameOf = (place, layer, head) => `${place} ${layer} ${head}`; // layer and head from 1, as in Python

// `study(get)`, with get(trait):
//   task       the trained model: { source, target, kinds, heads, layers, network … }
//   read       { signs, ids, unread }
//   run        null where there is no text, else { memory, looks, before, written, logProbs }: what the encoder gives
//              (S, E); looks[place][layer], kit's attention; the ids that the decoder has read and those it has written
//              (T,), and log p at each of its steps
export function createHeadsStudy(specimen, limit, calls = {}) {
  const count = (name) => (calls[name] = (calls[name] ?? 0) + 1);
  const { transformers, start, end, most } = specimen;
  const loaded = new Map();
  const load = (model) => {
    if (!loaded.has(model)) {
      const task = transformers[model];
      const network = createEncoderDecoder(readSafetensors(task.file), task.heads);
      const [first, last] = [start, end].map((sign) => task.target.indexOf(sign));
      loaded.set(model, { ...task, start: first, end: last, network, idOf: idsOf(task.source) });
    }
    return loaded.get(model);
  };
  const reading = memo((model, text) => {
    const { kinds, idOf } = load(model);
    const read = cut(text, kinds[0], limit);
    return { ...read, ids: read.signs.map(idOf) };
  });
  const running = memo((model, text, temperature, off) => {
    count("run");
    const { network, start: first, end: last } = load(model);
    const { ids } = reading(model, text);
    if (!ids.length) return null;
    const set = {
      temperature, erased: (place, layer, head) => off.includes(nameOf(place, layer + 1, head + 1)),
    };
    const { memory, looks: encoder } = network.read(ids, set);
    const [before, written] = [[first], []];
    let found;
    while (written.length < most && written.at(-1) !== last) {
      if (written.length) before.push(written.at(-1));
      found = network.write(before, memory, set);
      const row = found.logits.subarray(written.length * network.V);
      written.push(row.reduce((best, each, n) => (each > row[best] ? n : best), 0));
    }
    const looks = { encoder, ...Object.fromEntries(["decoder", "cross"].map((place) =>
      [place, found.looks.map((each) => each[place])])) };
    const logProbs = written.map((_, t) => logSoftmax(found.logits.subarray(t * network.V, (t + 1) * network.V)));
    return { memory, looks, before, written, logProbs };
  });
  return (get) => {
    const [model, text] = [get("model"), get("text")];
    return {
      task: load(model), read: reading(model, text), run: running(model, text, get("temperature"), get("erased")),
    };
  };
}

// The signs at the rows (who looks) and at the columns (what is looked at) of a place's maps.
export function namesOf({ task, read, run }, place, visible) {
  const source = read.signs.map(visible);
  const signs = (ids) => ids.map((id) => visible(task.target[id]));
  return {
    rows: place === "encoder" ? source : signs(run.written),
    columns: place === "decoder" ? signs(run.before) : source,
  };
}

// Rows of a head's weights; layer and head from 1, as everywhere below.
export function weightsOf({ run }, place, layer, head) {
  const { weights, q, k, norm1 } = run.looks[place][layer - 1];
  const T = norm1.invStd.length;
  const S = k.length / (q.length / T);
  const at = (head - 1) * T * S;
  return Array.from({ length: T }, (_, t) => weights.subarray(at + t * S, at + (t + 1) * S));
}

// One head in numbers: its queries (T of K), keys and values (S of K), scores before they are divided by the
// temperature and weights (T of S), what it gathers, `mixed` (T of K), and what of it is added to x (T of E): W_O
// mixed, zeros where the head is erased.
export function headOf({ task, run }, place, layer, head, erased) {
  const { K, E, onward } = task.network;
  const look = run.looks[place][layer - 1];
  const part = (vectors) => Array.from({ length: vectors.length / E }, (_, t) =>
    vectors.subarray(t * E + (head - 1) * K, t * E + head * K));
  const [queries, keys, values] = [look.q, look.k, look.v].map(part);
  const weights = weightsOf({ run }, place, layer, head);
  const mixed = weights.map((row) => Float64Array.from({ length: K }, (_, u) =>
    row.reduce((total, weight, s) => total + weight * values[s][u], 0)));
  const isErased = erased.includes(nameOf(place, layer, head));
  const onto = onward(place, layer - 1, head - 1);
  return {
    queries, keys, values, weights, mixed, isErased,
    scores: queries.map((q) => keys.map((k) => dot(q, k) / Math.sqrt(K))),
    added: mixed.map((z) => (isErased ? new Float64Array(E) : times(onto, z))),
  };
}
