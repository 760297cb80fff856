// The chain rule through time, for any recurrence h(t) = f(h(t-1), …) with H numbers, in flat float64 arrays.

// norms[(t-1)·T + (k-1)] = ‖∂h(t)/∂h(k)‖ for t ≥ k, NaN elsewhere: the Frobenius norm over √H, by which a random nudge
// of h(k) grows on its way to h(t) (root mean square); 1 for t = k.
// jacobian(t, out) writes ∂h(t)/∂h(t-1) into out (H·H, row by row).
export function jacobianNorms(T, H, jacobian) {
  if (H % 4) throw new Error(`H must be a multiple of 4, got ${H}`);
  const norms = new Float64Array(T * T).fill(NaN);
  const steps = Array.from({ length: T }, (_, index) => {
    const out = new Float64Array(H * H);
    if (index) jacobian(index + 1, out);
    return out;
  });
  let product = new Float64Array(H * H);
  let next = new Float64Array(H * H);
  for (let k = 0; k < T; k += 1) {
    norms[k * T + k] = 1;
    for (let t = k + 1; t < T; t += 1) {
      if (t === k + 1) next.set(steps[t]);
      else multiply(steps[t], product, next, H);
      let squares = 0;
      for (let i = 0; i < H * H; i += 1) squares += next[i] * next[i];
      norms[t * T + k] = Math.sqrt(squares / H);
      [product, next] = [next, product];
    }
  }
  return norms;
}

// out = left · right, all (H, H), H a multiple of 4. Two rows and four columns at a time keep the sums in registers,
// several times faster than the plain triple loop, which lets a slider repaint within a frame.
function multiply(left, right, out, H) {
  for (let i = 0; i < H * H; i += 2 * H) {
    for (let j = 0; j < H; j += 4) {
      let a0 = 0, a1 = 0, a2 = 0, a3 = 0;
      let b0 = 0, b1 = 0, b2 = 0, b3 = 0;
      for (let m = 0, r = j; m < H; m += 1, r += H) {
        const a = left[i + m];
        const b = left[i + H + m];
        const r0 = right[r], r1 = right[r + 1], r2 = right[r + 2], r3 = right[r + 3];
        a0 += a * r0; a1 += a * r1; a2 += a * r2; a3 += a * r3;
        b0 += b * r0; b1 += b * r1; b2 += b * r2; b3 += b * r3;
      }
      out[i + j] = a0; out[i + j + 1] = a1; out[i + j + 2] = a2; out[i + j + 3] = a3;
      out[i + H + j] = b0; out[i + H + j + 1] = b1; out[i + H + j + 2] = b2; out[i + H + j + 3] = b3;
    }
  }
}

export function norm(values, from = 0, to = values.length) {
  let squares = 0;
  for (let i = from; i < to; i += 1) squares += values[i] * values[i];
  return Math.sqrt(squares);
}
