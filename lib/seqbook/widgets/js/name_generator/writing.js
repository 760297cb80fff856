// Names written letter by letter, and the probabilities of the letter after what the reader wrote.
import { chance, drawn } from "./chance.js";
import { begun, tempered } from "./network.js";

export const NAMES = 8;

// { next (V), names: NAMES lists of ids, ended by 0 where there was room, unknown: signs that were left out }
export function written(network, { mark, start, temperature, draw, longest }) {
  const { ids, unknown } = begun(start, network, longest);
  const h = [network.ids.get(mark), ...ids].reduce((state, id) => network.step(id, state), network.start);
  const next = tempered(network.outputs(h), temperature);
  const names = Array.from({ length: NAMES }, (_, n) => {
    const random = chance(draw * NAMES + n);
    const name = [...ids];
    for (let [p, state] = [next, h]; name.length < longest; ) {
      name.push(drawn(p, random()));
      if (name.at(-1) === 0) break;
      state = network.step(name.at(-1), state);
      p = tempered(network.outputs(state), temperature);
    }
    return name;
  });
  return { next, names, unknown };
}

// The `count` likeliest letters, likeliest first: [id, probability].
export const likeliest = (p, count) =>
  [...p.entries()].sort(([, one], [, other]) => other - one).slice(0, count);
