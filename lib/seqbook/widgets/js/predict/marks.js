// The little signs that say which is the reader's guess and which the computed answer.
import { html } from "../kit/dom.js";

export const guessMark = (text) => html("span", { class: "sb-mark sb-mark-guess" }, text);
export const rightMark = (text) =>
  html("span", { class: "sb-mark sb-mark-right" }, html("span", { "aria-hidden": "true" }, "✓ "), text);

export function marks(label, isGuess, isRight) {
  if (!isGuess && !isRight) return [];
  const own = isGuess ? guessMark(label("guess")) : null;
  const right = isRight ? rightMark(label("right")) : null;
  return [html("span", { class: "sb-marks" }, own, " ", right)];
}
