// The trained network as Python sent it: `specimen` = { weights, letters, marks }, the bytes of its file, its letters
// by id (0 is the end) and the mark that stands before a name of each language.
import { readSafetensors } from "../kit/safetensors.js";
import { times } from "../kit/vectors.js";

// softmax(o / temperature)
export function tempered(o, temperature) {
  const most = Math.max(...o);
  const powers = o.map((each) => Math.exp((each - most) / temperature));
  const total = powers.reduce((sum, power) => sum + power, 0);
  return powers.map((power) => power / total);
}

export function createNetwork({ weights: file, letters, marks }) {
  const arrays = readSafetensors(file);
  const values = (name) => arrays[name].values;
  const [embedding, D] = [values("first.weight"), arrays["first.weight"].shape[1]];
  const [weightIh, weightHh] = [values("recurrent.weight_ih"), values("recurrent.weight_hh")];
  const [bias, outWeight, outBias] = [values("recurrent.bias"), values("output.weight"), values("output.bias")];
  const ids = new Map(letters.map((letter, id) => [letter, id]));
  const signs = new Set([letters[0], ...Object.values(marks)]);

  // W_ih x + b is the same for every step with one letter.
  const projected = new Map();
  function project(id) {
    if (!projected.has(id)) projected.set(id, times(weightIh, embedding.subarray(id * D, (id + 1) * D), bias));
    return projected.get(id);
  }
  return {
    letters,
    ids,
    signs,
    start: new Float64Array(bias.length),
    step: (id, h) => times(weightHh, h, project(id)).map(Math.tanh),
    outputs: (h) => times(outWeight, h, outBias),
  };
}

// The ids of the letters that a reader writes, syllables and single jamo taken apart, and how many signs are unknown.
export function begun(start, { ids, signs }, longest) {
  const spelled = [...start.normalize("NFKD")];
  const known = spelled.filter((letter) => ids.has(letter) && !signs.has(letter));
  return { ids: known.slice(0, longest).map((letter) => ids.get(letter)), unknown: spelled.length - known.length };
}

// The name that ids spell, syllables whole again; the end is no letter of it.
export const named = (ids, letters) =>
  ids.filter((id) => id !== 0).map((id) => letters[id]).join("").normalize("NFC");
