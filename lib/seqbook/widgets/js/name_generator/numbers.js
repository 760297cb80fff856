// All that is computed, as `NameGenerator.numbers` gives it: the next letter's probabilities, and the names' letters.
import { createNetwork } from "./network.js";
import { written } from "./writing.js";

export function numbers(get) {
  const specimen = get("specimen");
  const longest = get("limits").start.most;
  const [start, temperature, draw] = ["start", "temperature", "draw"].map(get);
  const mark = specimen.marks[get("language") ?? get("lang")];
  const { next, names } = written(createNetwork(specimen), { mark, start, temperature, draw, longest });
  return {
    next: [...next],
    names: names.map((ids) => Array.from({ length: longest }, (_, t) => ids[t] ?? 0)),
  };
}
