// What the picture shows, in sentences.
import { fixed } from "../kit/format.js";
import { inCone } from "./cone.js";
import { moved } from "./figures.js";
import { READERS } from "./network.js";

// `scene` = { letters, run, changed, change, reader, time, answer, isNext }. Gives the lines of the panel.
export function explain(scene, label) {
  return [knows(scene, label), ...asked(scene, label), ...movedLines(scene, label)];
}

const span = (letters, from, to) => letters.slice(from - 1, to).join("");

function knows({ letters, reader, time: t }, label) {
  const T = letters.length;
  const [before, after] = [span(letters, 1, t), span(letters, t + 1, T)];
  if (reader === "forward") return label("knows_forward", { t, seen: before, unseen: after });
  if (reader === "both") return label("knows_both", { t, T, before, after: span(letters, t, T) });
  const seen = span(letters, t, T);
  return t === 1 ? label("knows_all", { t, seen }) : label("knows_backward", { t, seen, unseen: span(letters, 1, t - 1) });
}

// What the output says; or, where it is asked for the next letter, whether it can already see it.
function asked({ letters, run, changed, reader, time: t, answer, isNext }, label) {
  if (isNext) {
    const key = inCone.letter(reader, t, answer) ? "cheats" : "honest";
    return [label(key, { n: answer, letter: letters[answer - 1] }), ...(key === "cheats" ? [label("remedy", { t, n: answer + 1 })] : [])];
  }
  const of = (probability) =>
    Object.fromEntries(READERS.map((name, n) => [name, fixed(probability[n][t - 1], 3)]));
  return [label(changed ? "probabilitiesBefore" : "probabilities", { letter: letters[t - 1], ...of(run.probability) }),
    ...(changed ? [label("probabilitiesAfter", of(changed.run.probability))] : [])];
}

function movedLines({ letters, changed, change: p, reader, time: t }, label) {
  if (!changed) return [];
  const T = letters.length;
  const [old, into] = [letters[p - 1], changed.letters[p - 1]];
  const ahead = p === T ? "movedForwardOne" : "movedForward";
  const back = p === 1 ? "movedBackwardOne" : "movedBackward";
  const words = [
    label("moved", { p, old, into }),
    label(ahead, { p, T, near: moved(changed.forward[p - 1]), far: moved(changed.forward[T - 1]) }),
    label(back, { p, near: moved(changed.backward[p - 1]), far: moved(changed.backward[0]) }),
  ];
  return [words.join(" "), ...(inCone.letter(reader, t, p) ? [] : [label("outside", { p, t })])];
}
