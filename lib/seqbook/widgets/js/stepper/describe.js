// What the picture shows, in words: no DOM.
import { fixed, significant } from "../kit/format.js";
import { wayTo } from "./study.js";

// A character as one can see it: a space, and what has no shape of its own.
export const visible = (character) =>
  character === " " ? "␣" : /[\p{C}\p{Z}\p{M}]/u.test(character) ? "□" : character;

// What the reader typed, kept apart from the sentence around it: some characters turn the direction of writing.
export const apart = (text) => `\u2068${text}\u2069`;

// A probability in two digits; what rounds to 0 or 1 and is not says so.
export function brief(p) {
  if (p > 0.995 && p < 1) return ">0.99";
  return p < 0.005 && p > 0 ? "<0.01" : fixed(p);
}

// A sequence as it reads: without the end where it has ended, with dots where it has not.
export const written = ({ ids }, { tokens, end }) =>
  ids.map((id) => (id === end ? "" : tokens[id])).join("") + (ids.at(-1) === end ? "" : "…");

export function distance(one, other) {
  return Math.sqrt(one.reduce((sum, value, n) => sum + (value - (other?.[n] ?? 0)) ** 2, 0));
}

// The likeliest tokens at a place, in order.
export const ranked = (logProbs) => [...logProbs.keys()].sort((one, other) => logProbs[other] - logProbs[one]);

// Lines for words.js about step t of the study's S + L.
export function describe(study, network, t, label) {
  const { read, states, path, forced } = study;
  const S = states.length;
  const sentence = (...key) => ["sentence", label(...key)];
  if (t <= S) {
    const character = read.characters[t - 1];
    const name = character === " " ? label("space") : `“${apart(visible(character))}”`;
    const change = fixed(distance(states[t - 1], states[t - 2]));
    const holes = { t, before: t - 1, character: name, change };
    return [sentence("reading", holes), t < S ? sentence("filling") : sentence("filled", { S, H: network.H })];
  }
  const k = t - S;
  const way = wayTo(path);
  const { logProbs } = way[k - 1].next;
  const token = path.ids[k - 1];
  const [first, next] = ranked(logProbs);
  const other = token === first ? next : first;
  const holes = {
    k, sign: signName(token, network, label), p: brief(Math.exp(logProbs[token])),
    second: signName(other, network, label), q: brief(Math.exp(logProbs[other])),
  };
  const yours = k <= forced.ids.length ? (token === first ? "yoursToo" : "yours") : "writing";
  const text = written(way[k], network);
  return [sentence(yours, holes), sentence("sofar", { text })];
}

// A token as a sentence names it.
export const signName = (token, { tokens, end }, label) =>
  token === end ? `■(${label("end")})` : `“${tokens[token]}”`;

// The greedy path against the best of the beam, in lines.
export function compare({ greedy, levels }, network, label) {
  if (levels.length < 2) return [["sentence", label("noBeam")]];
  const best = levels.at(-1)[0];
  const line = (key, sequence) => {
    const holes = { text: written(sequence, network), log: fixed(sequence.logProb, 3) };
    return ["sentence", label(key, holes)];
  };
  const gain = best.logProb - greedy.logProb;
  const same = best.ids.join() === greedy.ids.join();
  const verdict = same
    ? label("compareSame")
    : label(gain >= 0 ? "compareBeamWins" : "compareGreedyWins", { ratio: significant(Math.exp(Math.abs(gain))) });
  return [line("compareGreedy", greedy), line("compareBeam", best), ["sentence", verdict]];
}
