// What the pictures show, in sentences: no DOM.
import { fixed, powerOfTen } from "../kit/format.js";
import { TRAINED } from "./codes.js";

// A position or a distance, stretched: 12, 12.5, 3.33.
export const place = (value) => String(Number(value.toFixed(2)));

export const twoDigits = (value) => (Number.isNaN(value) ? "–" : fixed(value, 2));

// The power of ten that a rounding error stays below, 10⁻¹³ or more.
export const aboveIt = (error) => powerOfTen(Math.floor(Math.log10(Math.max(error, 1e-14))) + 1);

// `scene` is the study's. Gives lines about the two, the shift, the trained length, and what is particular to the kind.
export function explain(scene, label) {
  return [together(scene, label), shifted(scene, label), beyond(scene, label), stretched(scene, label),
    reordered(scene, label)].filter(Boolean);
}

function together({ kind, places: [first, second], last, dot, least, most, frequency }, label) {
  const distance = second - first;
  if (Number.isNaN(dot)) return label("noDot", { first, second });
  const at = { first, second, distance: fixed(distance, 0), dot: twoDigits(dot) };
  const [low, high] = [least, most].map((values) => twoDigits(values[distance + last]));
  if (!frequency) return `${label("dot", at)} ${label("dotVaries", { ...at, low, high })}`;
  return `${label("dot", at)} ${label(`dotAlone_${kind}`, at)}`;
}

function shifted({ kind, moved, shift, before, places, dot, dotBefore, turnedError, last }, label) {
  if (!shift) return null;
  if (!moved) return label("noRoom", { last });
  if (Number.isNaN(dot)) return null; // one of the two has no row: that is said
  const at = {
    moved, from: before[0], to: places[0], before: twoDigits(dotBefore), after: twoDigits(dot),
    error: aboveIt(turnedError),
  };
  const room = moved < shift ? [label("lessRoom", { last })] : [];
  return [label(`shift_${kind}`, at), ...room].join(" ");
}

function beyond({ kind, places, pairs, unseen, stretch }, label) {
  const far = places.filter((p) => p >= TRAINED);
  if (!far.length) return null;
  const at = { list: [...new Set(far)].join(", "), last: TRAINED - 1, pairs };
  if (kind === "learned") {
    const missing = [...new Set(far.filter((p) => p / stretch > TRAINED - 1))];
    return missing.length ? label("noRow", { ...at, list: missing.join(", ") }) : label("between", at);
  }
  const count = Array.from({ length: pairs }, (_, i) => unseen[0][i] || unseen[1][i]).filter(Boolean).length;
  return count ? label(`unseen_${kind}`, { ...at, count }) : label(`allSeen_${kind}`, at);
}

function stretched({ stretch, places: [first, second] }, label) {
  if (stretch === 1) return null;
  return label("stretched", {
    stretch: place(stretch), first, second, one: place(first / stretch), other: place(second / stretch),
  });
}

function reordered({ other, vectors, pairing, dot }, label) {
  if (!other || vectors === "ones") return null;
  return label(`reordered_${pairing}`, {
    dot: twoDigits(dot), same: twoDigits(other.same), reordered: twoDigits(other.reordered),
  });
}
