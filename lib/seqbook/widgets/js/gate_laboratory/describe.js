// What the picture shows, in words.
import { fixed } from "../kit/format.js";
import { SYMBOLS } from "./quantities.js";

export const percent = (share) => `${fixed(100 * share, share >= 0.0005 && share < 0.0995 ? 1 : 0)}%`;

const number = (value) => (value < 0 ? `(${fixed(value)})` : fixed(value));

// The two equations of a unit at step t, in numbers. `now` = { i, f, g, o, c, h, before }.
export function equations(now, t) {
  const { i, f, g, o, c, h, before } = now;
  const candidate = SYMBOLS.g;
  const [kept, added] = [`${fixed(f)} × ${number(before)}`, `${fixed(i)} × ${number(g)}`];
  return [
    `C(${t}) = f(${t}) C(${t - 1}) + i(${t}) ${candidate}(${t}) = ${kept} + ${added} = ${fixed(c)}`,
    `h(${t}) = o(${t}) tanh C(${t}) = ${fixed(o)} × ${number(Math.tanh(c))} = ${fixed(h)}`,
  ];
}

// What the gates do here: "keep", "fade" or "forget" the old, and "write", "touch" or "skip" the new.
export const deed = ({ f, i }) => [
  f > 0.9 ? "keep" : f < 0.1 ? "forget" : "fade",
  i > 0.5 ? "write" : i < 0.1 ? "skip" : "touch",
];

// A clamp as the reader sees it in the list. `name(step)` is what stands at a step.
export function clampWords({ gate, value, unit, start, end }, { label, T, name }) {
  const last = end ?? T;
  const where =
    start === last
      ? label("atStep", { t: start, name: name(start) })
      : start === 1 && last >= T
        ? label("atAll")
        : label("atRange", { start, end: end === null ? label("theEnd") : end });
  const who = unit === null ? label("inAll") : label("inUnit", { unit });
  return `${SYMBOLS[gate]} = ${fixed(value)} · ${where} · ${who}`;
}

// What the picture shows at step t, as [kind, text] pairs. `values` and `unheld` are the unit's numbers with and
// without what is held; `found` is what answers.js gave.
export function sentences({ unit, t, values, unheld, held, character, found }, label) {
  const [old, fresh] = deed(values);
  const holes = { unit, f: percent(values.f), i: percent(values.i) };
  return [
    ["sentence", label("just", { t, character })],
    ...equations(values, t).map((line) => ["equation", line]),
    ["sentence", `${label(`old_${old}`, holes)} ${label(`new_${fresh}`, holes)}`],
    ...(held ? [["sentence", label("without", { t, c: fixed(unheld.c) })]] : []),
    ...(found.words ? [["sentence", label(...found.words)]] : []),
  ];
}
