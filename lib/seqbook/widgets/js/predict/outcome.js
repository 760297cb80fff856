// What a guess came to: how numbers are written, where they lie on the scale, and what is said of the difference.

const MOST_DIGITS = 8;

// Digits after the point that write a number exactly: 0 of 40, 2 of 0.25.
export function decimals(value) {
  for (let digits = 0; digits < MOST_DIGITS; digits += 1) {
    if (Math.abs(Number(value.toFixed(digits)) - value) <= 1e-9 * Math.abs(value)) return digits;
  }
  return MOST_DIGITS;
}

// "−1.5", "40", "12,000": at most `digits` after the point, none of them a zero at the end.
function written(value, digits) {
  const rounded = Number(value.toFixed(digits)) || 0; // never −0
  const grouped = Math.abs(rounded) >= 10_000;
  const text = rounded.toLocaleString("en", { maximumFractionDigits: digits, useGrouping: grouped });
  return text.replace("-", "−");
}

// A unit that begins with a Latin or Greek letter stands apart from its number; "%", "°" or "번" follow at once.
const isWord = (unit) => /^[\p{Script=Latin}\p{Script=Greek}]/u.test(unit);
const withUnit = (text, unit) => (isWord(unit) ? `${text}\u00a0${unit}` : text + unit);

// The numbers of a slider as text. A guess stands on a step; the computed value is given to a tenth of one.
export function scale({ low, high, step, unit }) {
  const own = Math.max(decimals(low), decimals(step));
  const finer = Math.min(MOST_DIGITS, Math.max(own, Math.ceil(-Math.log10(step) - 1e-9) + 1));
  return {
    middle: low + step * Math.round((high - low) / step / 2),
    guess: (value) => withUnit(written(value, own), unit),
    right: (value) => withUnit(written(value, finer), unit),
    percent: (value) => (100 * (value - low)) / (high - low),

    // Of the guess as it is written, so that a reader can check it. `label` is a translator.
    difference(guess, right, label) {
      const size = Math.abs(Number(guess.toFixed(own)) - right);
      const text = written(size, finer);
      if (unit !== "%") return withUnit(text, unit);
      return label(text === "1" ? "point" : "points", { difference: text });
    },
  };
}

// Whether no other step of the slider lies closer to the computed value.
export const isNearest = (guess, right, step) => Math.abs(guess - right) <= (step / 2) * (1 + 1e-9);

// The sentences of a slider's result.
export function sentences({ guess, right, low, high, step, unit }, label) {
  const numbers = scale({ low, high, step, unit });
  const both = label("both", { guess: numbers.guess(guess), right: numbers.right(right) });
  if (isNearest(guess, right, step)) return [both, label("nearest")];
  return [both, label(guess < right ? "lower" : "higher", { difference: numbers.difference(guess, right, label) })];
}
