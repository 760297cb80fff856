// Two hues that every kind of colour vision tells apart, laid over the page's own background: they work light and dark.

export const BELOW = [31, 119, 200]; // blue: negative, or smaller than 1
export const ABOVE = [226, 109, 28]; // orange: positive, or larger than 1

// How strongly a value in [-1, 1] is tinted; the square root lifts small values off the background.
export const tint = (value) => Math.sqrt(Math.min(1, Math.abs(value)));

// RGBA bytes of a value in [-1, 1].
export function diverging(value) {
  const [red, green, blue] = value < 0 ? BELOW : ABOVE;
  return [red, green, blue, Math.round(255 * tint(value))];
}

// The scale as a CSS gradient from -1 to 1, for a legend.
export function divergingGradient(stops = 16) {
  const colours = Array.from({ length: stops + 1 }, (_, i) => {
    const [red, green, blue, alpha] = diverging((2 * i) / stops - 1);
    return `rgb(${red} ${green} ${blue} / ${(alpha / 255).toFixed(3)})`;
  });
  return `linear-gradient(to right, ${colours.join(", ")})`;
}
