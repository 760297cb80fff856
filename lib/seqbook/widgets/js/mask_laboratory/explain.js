// What the picture shows, in sentences: no DOM.
import { fixed, significant } from "../kit/format.js";
import { numbered, visible } from "./reading.js";

export const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

// A loss in nats, or a dash where there is nothing to predict.
export const nats = (values) => (values.length ? fixed(mean(values), 2) : "–");

// Which characters, from 1, can know their answer, the next one; only those that have one are asked.
export function cheats({ known, pads, letters }) {
  const asked = letters.slice(1).map((_, n) => n + 1);
  return asked.filter((n) => known[pads + n - 1][pads + n]);
}

// Lines about the mask, the chosen position, and what its loss depends on.
export function explain(scene, label) {
  const { T, pads, t, mask, known, layers, letters, asked, character, gradient } = scene;
  const now = pads + t - 1;
  const last = t === letters.length;
  const answer = visible(last ? character(asked[t - 1]) : letters[t]);
  const looks = mask[now].filter(Boolean).length;
  const knows = known[now].filter(Boolean).length;
  const ahead = known[now].filter((each, s) => each && s > now).length;
  const padding = known[now].filter((each, s) => each && s < pads).length;
  const caught = cheats(scene);
  const empty = mask.flatMap((row, each) => (row.some(Boolean) ? [] : [numbered(each, pads)]));

  const position = [label(`position_${layers}`, { t, letter: visible(letters[t - 1]), looks, knows, T })];
  if (!looks) position.push(label("nothing"));
  if (last) position.push(label("atTheEnd", { answer }));
  else if (known[now][now + 1]) position.push(label("copies", { answer }));
  else position.push(label(ahead ? "peeks" : "honest", { answer, ahead }));
  if (padding) position.push(label("knowsPadding", { padding }));

  const reached = gradient.filter((each) => each > 0).length;
  const cone = [reached < T ? label("reaches", { answer, reached, T, zero: T - reached }) : label("reachesAll", { answer, T })];
  if (!last && known[now][now + 1]) cone.push(label("reachesAnswer", { size: significant(gradient[now + 1], 2) }));

  const whole = [caught.length
    ? label("caught", { count: caught.length, of: letters.length - 1 })
    : label("clean", { of: Math.max(0, letters.length - 1) })];
  if (empty.length) whole.push(label("empty", { list: empty.join(", ") }));
  return [label(`says_${typeof scene.preset === "string" ? scene.preset : "painted"}`), whole.join(" "),
    position.join(" "), cone.join(" ")];
}
