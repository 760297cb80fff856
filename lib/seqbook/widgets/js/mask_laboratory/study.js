// What is computed of a text, a mask and a number of blocks, and again only where these change.
import { memo } from "../kit/memo.js";
import { readSafetensors } from "../kit/safetensors.js";
import { createTransformer } from "../kit/transformer.js";
import { causal, knows, maskOf, maskOfTraining } from "./masks.js";
import { lettersOf } from "./reading.js";

export const TRAINED = ["causal", "leak"];
export const WRITTEN = 16; // characters that a network writes

// `specimen` = { causal, leak, characters, heads }: the files of both networks, the characters by id, and N.
export function createNetworks({ characters, heads, ...files }) {
  const networks = TRAINED.map((trained) => createTransformer(readSafetensors(files[trained]), heads));
  return { networks, characters, idOf: new Map(characters.map((character, id) => [character, id])) };
}

// log softmax of row t of the logits.
function logProbabilities(logits, t, V) {
  const row = logits.subarray(t * V, (t + 1) * V);
  const most = row.reduce((greatest, each) => Math.max(greatest, each), -Infinity);
  const total = Math.log(row.reduce((sum, each) => sum + Math.exp(each - most), 0));
  return row.map((each) => each - most - total);
}

const favourite = (row) => row.reduce((best, each, id) => (each > row[best] ? id : best), 0);

export function createStudy({ networks, characters, idOf }, limit) {
  const taken = memo((text) => lettersOf(text, limit, idOf));

  // Of each network under its mask: log p at each character's position, and what the gradient needs.
  const passes = (ids, pads, masks, layers) => {
    const tokens = [...Array(pads).fill(0), ...ids];
    return networks.map((network, at) => {
      const { logits, cache } = network.forward(tokens, masks[at], { layers, start: -pads });
      return { rows: ids.map((_, n) => logProbabilities(logits, pads + n, network.V)), cache };
    });
  };
  const losses = (runs, ids) => runs.map(({ rows }) => ids.slice(1).map((id, n) => -rows[n][id]));

  // What does not depend on the painted mask: the losses in training, and under the right mask.
  const fixedLosses = memo((ids, pads, layers) => {
    const [training, right] = [(trained) => maskOfTraining(trained, ids.length + pads, pads),
      () => maskOf("padding", ids.length + pads, pads)].map((mask) =>
      losses(passes(ids, pads, TRAINED.map(mask), layers), ids));
    return { training, right };
  });

  const writings = memo((start, layers) =>
    networks.map((network) => {
      const ids = [...start];
      for (let n = 0; n < WRITTEN; n += 1) {
        const { logits } = network.forward(ids, causal(ids.length), { layers });
        ids.push(favourite(logits.subarray((ids.length - 1) * network.V)));
      }
      return ids.slice(start.length);
    }));

  const looked = memo((ids, pads, painted, layers) => {
    const mask = maskOf(painted, ids.length + pads, pads);
    const runs = passes(ids, pads, TRAINED.map(() => mask), layers);
    return { mask, known: knows(mask, layers), runs, loss: losses(runs, ids) };
  });

  // The norms of the gradient of -log p(asked), at character t (from 0), by each token's vector.
  function gradientOf(network, { rows, cache }, t, pads, asked) {
    const [T, { E, V }] = [rows.length + pads, network];
    const dlogits = new Float64Array(T * V);
    rows[t].forEach((logP, id) => {
      dlogits[(pads + t) * V + id] = Math.exp(logP) - (id === asked);
    });
    const dx = network.backward(dlogits, cache);
    return Array.from({ length: T }, (_, s) => Math.hypot(...dx.subarray(s * E, (s + 1) * E)));
  }

  // All that is shown. `asked` are the ids of the answers: the next characters, and at the end the network's favourite.
  return ({ text, padding, mask: painted, layers, time, trained }) => {
    const { letters, ids, unread } = taken(text);
    const n = ids.length;
    if (!n) return { letters, ids, unread, T: 0, pads: 0 };
    const pads = padding;
    const which = TRAINED.indexOf(trained);
    const { mask, known, runs, loss } = looked(ids, pads, painted, layers);
    const { rows } = runs[which];
    const asked = [...ids.slice(1), favourite(rows[n - 1])];
    const t = Math.min(time, n);
    const { training, right } = fixedLosses(ids, pads, layers);
    return {
      letters, ids, unread, pads, T: n + pads, t, mask, known, loss, training, right, asked,
      answer: rows.map((row, at) => Math.exp(row[asked[at]])),
      gradient: gradientOf(networks[which], runs[which], t - 1, pads, asked[t - 1]),
      written: writings(ids, layers),
      character: (id) => characters[id],
    };
  };
}
