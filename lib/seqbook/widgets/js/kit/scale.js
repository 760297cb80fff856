// From numbers to places on the screen and back.

export function linear([from, to], [start, end]) {
  const scale = (value) => start + ((value - from) / (to - from)) * (end - start);
  scale.invert = (place) => from + ((place - start) / (end - start)) * (to - from);
  return scale;
}

// Logarithmic around 1, `decades` powers of ten each way; zero and whatever lies outside sticks to the edge.
export function symmetricLog(decades, [start, end]) {
  const line = linear([-decades, decades], [start, end]);
  return (value) => line(clamp(Math.log10(value), -decades, decades));
}

export const clamp = (value, low, high) => Math.min(high, Math.max(low, value));

// The smallest of 1, 2, 4, 8 … powers of ten, at most `limit`, that holds all the values: an axis that moves rarely.
export function decadesFor(values, limit = 64) {
  let [least, most] = [1, 1];
  for (const value of values) {
    if (value > most && value < Infinity) most = value;
    else if (value < least && value > 0) least = value;
  }
  const reach = Math.max(Math.log10(most), -Math.log10(least));
  let decades = 1;
  while (decades < reach && decades < limit) decades *= 2;
  return decades;
}

// Exponents to label on an axis of ±decades: both ends, the middle and the halves between.
export function decadeTicks(decades) {
  const half = decades / 2;
  return Number.isInteger(half) ? [-decades, -half, 0, half, decades] : [-decades, 0, decades];
}

// About `count` round steps among 1 … last, always both ends.
export function stepTicks(last, count = 6) {
  const every = [1, 2, 5, 10, 20, 50].find((step) => last / step <= count) ?? 100;
  const ticks = [1];
  for (let step = every; step < last; step += every) {
    if (step > 1 && step - 1 >= every / 2 && last - step >= every / 2) ticks.push(step);
  }
  return last > 1 ? [...ticks, last] : ticks;
}
