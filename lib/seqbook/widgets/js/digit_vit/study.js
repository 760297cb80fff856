// What is computed of an image and all that is done to it, and again only where these change. No DOM.
import { memo } from "../kit/memo.js";
import { readSafetensors } from "../kit/safetensors.js";
import { logSoftmax } from "../kit/vectors.js";
import { greyOf } from "./drawing.js";
import { PLACES, createViT, moved, replaced, rollout } from "./network.js";

const WITHOUT = ["nothing", "positions", "class_token"];
const PAPER = new Float64Array(4 * PLACES);

// `specimen` = the files of the networks by what they are without, `heads`, and examples, labels, mean.
export function createNetworks({ heads, examples, labels, mean, ...files }) {
  const made = WITHOUT.map((without) => [without, createViT(readSafetensors(files[without]), heads)]);
  return { networks: Object.fromEntries(made), examples, labels, mean };
}

const highest = (values) => values.reduce((best, each, at) => (each > values[best] ? at : best), 0);

export function createStudy({ networks, examples, mean }) {
  const source = memo((image, fit) => greyOf(image, fit, examples));
  const before = memo((grey) => logSoftmax(networks.nothing.run(grey).logits).map(Math.exp));

  // One way through a network, of grey values whose patches at `erased` are erased.
  function pass(grey, erased, erasing, without, network) {
    const gone = erasing === "gone";
    const seen = gone ? grey : replaced(grey, erased, erasing === "mean" ? mean : PAPER);
    const keep = Array.from({ length: PLACES }, (_, place) => !gone || !erased.includes(place));
    const trained = network === "trained";
    const chosen = networks[trained ? without : "nothing"];
    const found = chosen.run(seen, { switchedOff: trained ? "nothing" : without, keep });
    return { ...found, seen, keep, logP: logSoftmax(found.logits), N: chosen.N, E: chosen.E };
  }

  const passes = memo((grey, erased, erasing, without) => {
    const trained = pass(grey, erased, erasing, without, "trained");
    return { trained, switched: without === "nothing" ? trained : pass(grey, erased, erasing, without, "switched") };
  });

  // By how much log p of the answer changes as each place is erased, too.
  const effectsOf = memo((grey, erased, erasing, without, network) => {
    const { logP } = passes(grey, erased, erasing, without)[network];
    const answer = highest(logP);
    return Array.from({ length: PLACES }, (_, place) => erased.includes(place) ? 0 :
      pass(grey, [...erased, place], erasing, without, network).logP[answer] - logP[answer]);
  });

  // All that is shown.
  return ({ image, fit, order, erased, erasing, without, network, stage }) => {
    const own = source(image, fit);
    const grey = moved(own, order);
    const both = passes([...grey], erased, erasing, without);
    const { seen, keep, stages, weights, first, logP, N, E } = both[network];
    return {
      own, grey: seen, keep, first, N, E, T: first + PLACES, weights, tokens: stages[stage],
      rollout: rollout(weights, N), answer: highest(logP),
      effects: effectsOf([...grey], erased, erasing, without, network),
      before: before([...own]),
      trained: both.trained.logP.map(Math.exp),
      switched: both.switched.logP.map(Math.exp),
      empty: own.every((each) => each === 0),
    };
  };
}

// What query 0 … 16 looks at, of one (T, T) matrix: { token, places (16) }. Query 0 is the class token, or where there
// is none the mean of the patches that there are, as it is read.
export function rowOf(matrix, query, { T, first, keep }) {
  const rows = query || first ? [first ? query : query - 1] : keep.flatMap((there, place) => (there ? [place] : []));
  const row = Array.from({ length: T }, (_, s) =>
    rows.reduce((total, t) => total + matrix[t * T + s], 0) / rows.length);
  return { token: first ? row[0] : null, places: row.slice(first) };
}

// One head's (T, T) of a block's weights (N, T, T); head and layer count from 1.
export const headOf = ({ weights, T }, layer, head) => weights[layer - 1].subarray((head - 1) * T * T, head * T * T);
