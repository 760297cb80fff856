// A small network in place of the trained one, for the tests: what it reads decides what it writes.
import { logSoftmax } from "../kit/vectors.js";

// A number that depends on integers as if it were drawn, in [-2, 2).
export function drawn(...integers) {
  let state = 17;
  for (const each of integers) state = Math.imul(state ^ (each + 101), 0x9e3779b1) >>> 0;
  state ^= state >>> 15;
  return (4 * (Math.imul(state, 0x85ebca6b) >>> 0)) / 2 ** 32 - 2;
}

// Tokens are the letters, the end and the start; the state is the list of all that was read before.
export const toy = (most = 4, letters = "abc") => {
  const calls = { read: 0, step: 0 };
  const [end, start] = [letters.length, letters.length + 1];
  const network = {
    H: 1, V: start + 1, characters: ["�", "x", "y"], tokens: [...letters, "■", ""], end, start, most, calls,
    read(ids) {
      calls.read += 1;
      return ids.map((_, n) => ids.slice(0, n + 1));
    },
    step(token, before) {
      calls.step += 1;
      const h = [...before, token];
      const logits = network.tokens.map((_, next) => (next === start ? -20 : drawn(...h, next)));
      return { h, logProbs: logSoftmax(Float64Array.from(logits)) };
    },
  };
  return network;
};
