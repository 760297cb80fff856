// The right answer and the guess, as `Predict.numbers` gives them.

export function numbers(get) {
  const guess = get("guess") ?? NaN;
  return { right: get("right"), guess, difference: guess - get("right") };
}
