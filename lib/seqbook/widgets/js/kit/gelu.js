// The error function, and the GELU of it, as exact as the numbers themselves.

const END = 6; // erf(6) is 1 in float64

// 2/√π e^(-x²) Σ 2ⁿ x^(2n+1) / (1 · 3 · … · (2n+1)): no term is negative, so nothing cancels.
export function erf(x) {
  const size = Math.abs(x);
  if (!(size < END)) return Number.isNaN(x) ? NaN : Math.sign(x);
  let [term, sum] = [size, size];
  for (let n = 1; term > 1e-17 * sum; n += 1) {
    term *= (2 * size * size) / (2 * n + 1);
    sum += term;
  }
  return Math.sign(x) * Math.min(1, (2 / Math.sqrt(Math.PI)) * Math.exp(-size * size) * sum);
}

// x Φ(x), with Φ the normal distribution function.
export const gelu = (x) => 0.5 * x * (1 + erf(x * Math.SQRT1_2));
