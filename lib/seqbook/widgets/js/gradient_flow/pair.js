// The two steps k ≤ t and the layer that the words speak of, the length T and the depth they lie within: what to set
// when one of them changes.
import { clamp } from "../kit/scale.js";

// [k, t] of the model, within its length.
export function pairOf(get) {
  const t = clamp(get("step_to"), 1, get("steps"));
  return [clamp(get("step_from"), 1, t), t];
}

// Choosing one of the two moves the other out of its way.
export const chosenFrom = ([, t], k) => ({ step_from: k, step_to: Math.max(k, t) });
export const chosenTo = ([k], t) => ({ step_from: Math.min(k, t), step_to: t });

// A new length keeps both within it; a t that was the last stays the last.
export function resized(get, T) {
  const atEnd = get("step_to") === get("steps");
  const t = atEnd ? T : Math.min(T, get("step_to"));
  return { step_to: t, step_from: Math.min(t, get("step_from")), steps: T };
}

// A new depth keeps the layer within it.
export const restacked = (get, depth) => ({ layer: Math.min(depth, get("layer")), depth });
