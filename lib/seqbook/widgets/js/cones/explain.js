// What the picture shows, in sentences.
import { fixed } from "../kit/format.js";
import { inCone } from "./cone.js";
import { moved } from "./figures.js";
import { READERS } from "./network.js";

// `scene` = { letters, shown, run, changed, change, reader, time, answer, isNext }: the letters as they stand and as
// they are after the change, what study.js computed, the changed letter (or null), the chosen reader and output, and
// the letter that is the output's answer (or null). Gives the lines of the panel.
export function explain(scene, label) {
  const asks = scene.isNext ? asksNext : asksSpace;
  return [knows(scene, label), ...asks(scene, label), ...moves(scene, label)];
}

function knows({ shown, reader, time: t }, label) {
  const span = (from, to) => shown.slice(from - 1, to).join("");
  const T = shown.length;
  if (reader === "forward") return label("knows_forward", { t, seen: span(1, t), unseen: span(t + 1, T) });
  if (reader === "both") return label("knows_both", { t, T, before: span(1, t), after: span(t, T) });
  if (t === 1) return label("knows_all", { t, seen: span(1, T) });
  return label("knows_backward", { t, seen: span(t, T), unseen: span(1, t - 1) });
}

function asksSpace({ shown, run, changed, time: t }, label) {
  const of = ({ probability }) => Object.fromEntries(READERS.map((name, n) => [name, fixed(probability[n][t - 1], 3)]));
  if (!changed) return [label("probabilities", { letter: shown[t - 1], ...of(run) })];
  return [
    label("probabilitiesBefore", { letter: shown[t - 1], ...of(run) }),
    label("probabilitiesAfter", of(changed.run)),
  ];
}

// Whether the output can already see the letter it is asked for.
function asksNext({ letters, changed, change, reader, time: t, answer }, label) {
  const named = { n: answer, letter: letters[answer - 1] };
  if (!inCone.letter(reader, t, answer)) return [label("honest", named)];
  const size = changed && change === answer ? changed.backward[t - 1] : 0;
  return [
    label("cheats", named),
    ...(size ? [label("leak", { t, size: moved(size) })] : []),
    ...(answer < letters.length ? [label("remedy", { t, n: answer + 1 })] : []),
  ];
}

function moves({ letters, changed, change: p, reader, time: t }, label) {
  if (!changed) return [];
  const T = letters.length;
  if (letters[p - 1] === changed.letters[p - 1]) return [label("same", { p, letter: letters[p - 1] })];
  const [ahead, back] = [p === T ? "movedForwardOne" : "movedForward", p === 1 ? "movedBackwardOne" : "movedBackward"];
  const words = [
    label("moved", { p, old: letters[p - 1], into: changed.letters[p - 1] }),
    label(ahead, { p, T, near: moved(changed.forward[p - 1]), far: moved(changed.forward[T - 1]) }),
    label(back, { p, near: moved(changed.backward[p - 1]), far: moved(changed.backward[0]) }),
  ];
  return [words.join(" "), ...(inCone.letter(reader, t, p) ? [] : [label("outside", { p, t })])];
}
