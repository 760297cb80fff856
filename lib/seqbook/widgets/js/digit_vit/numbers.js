// All numbers, as `DigitVit.numbers` gives them.
import { createNetworks, createStudy } from "./study.js";

export const KNOBS = [
  "image", "fit", "order", "erased", "erasing", "without", "network", "layer", "head", "query", "stage",
];
export const settings = (get) => Object.fromEntries(KNOBS.map((name) => [name, get(name)]));

export function numbers(get) {
  const found = createStudy(createNetworks(get("specimen")))(settings(get));
  return {
    grey: found.grey,
    tokens: found.tokens,
    weights: found.weights.flatMap((each) => [...each]),
    rollout: found.rollout,
    effects: found.effects,
    before: found.before,
    trained: found.trained,
    switched: found.switched,
  };
}
