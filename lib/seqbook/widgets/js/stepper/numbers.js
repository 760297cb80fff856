// What `Stepper.numbers` gives, computed in the page.
import { createNetwork } from "./network.js";
import { createStudy, wayTo } from "./study.js";

export function numbers(get) {
  const study = createStudy(createNetwork(get("specimen")), get("limits").text.most)(get);
  const { states, path, forced, levels } = study;
  const rows = { states: states.map((h) => [...h]) };
  if (!path) {
    const nothing = { written: [], log_probs: [], decoder: [], greedy_log_prob: 0, beam_ids: [], beam_log_prob: [] };
    return { ...rows, ...nothing, kept: [] };
  }
  const way = wayTo(path).slice(0, -1); // what stood there as each token was written
  const held = levels.length > 1 ? levels.at(-1) : [];
  const K = levels.length - 1;
  const end = get("specimen").end;
  const padded = (ids) => Array.from({ length: K }, (_, k) => ids[forced.ids.length + k] ?? end);
  return {
    ...rows,
    written: path.ids,
    log_probs: way.map(({ next }) => [...next.logProbs]),
    decoder: way.map(({ next }) => [...next.h]),
    greedy_log_prob: study.greedy.logProb,
    beam_ids: held.map(({ ids }) => padded(ids)),
    beam_log_prob: held.map(({ logProb }) => logProb),
    kept: levels.slice(1).map((level) => level.map(({ logProb }) => logProb)),
  };
}
