// All numbers of the sentence and its change, as `Cones.numbers` gives them.
import { known } from "./cone.js";
import { createNetwork } from "./network.js";
import { createStudy } from "./study.js";

export function numbers(get) {
  const study = createStudy(createNetwork(get("specimen")), get("limits").text.most);
  const { letters, run, changed } = study(get("text"), get("change"), get("into"));
  const T = letters.length;
  const rows = (states) => states.map((h) => [...h]);
  const still = letters.map(() => 0);
  return {
    forward: rows(run.forward),
    backward: rows(run.backward),
    probability: run.probability,
    forward_moved: changed?.forward ?? still,
    backward_moved: changed?.backward ?? still,
    probability_changed: (changed?.run ?? run).probability,
    known: known(get("reader"), Math.min(get("time"), T - 1), T) ?? [0, 0],
  };
}
