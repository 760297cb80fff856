// Vectors and row-major matrices, flat float64 arrays.

// weight (rows, n) · x (n), and a bias (rows) added, if there is one.
export function times(weight, x, bias = null) {
  const n = x.length;
  return Float64Array.from({ length: weight.length / n }, (_, row) => {
    let sum = bias ? bias[row] : 0;
    for (let k = 0; k < n; k += 1) sum += weight[row * n + k] * x[k];
    return sum;
  });
}

// weightᵀ · y: y (rows) → (weight.length / rows).
export function timesTransposed(weight, y) {
  const n = weight.length / y.length;
  const found = new Float64Array(n);
  y.forEach((value, row) => {
    for (let k = 0; k < n; k += 1) found[k] += value * weight[row * n + k];
  });
  return found;
}

export function dot(one, other) {
  let sum = 0;
  for (let k = 0; k < one.length; k += 1) sum += one[k] * other[k];
  return sum;
}

export const norm = (vector) => Math.sqrt(dot(vector, vector));
export const plus = (one, other) => one.map((value, k) => value + other[k]);
export const scaledBy = (vector, factor) => vector.map((value) => value * factor);

export function logSoftmax(logits) {
  const most = Math.max(...logits);
  const total = Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit - most), 0));
  return logits.map((logit) => logit - most - total);
}

export const softmax = (logits) => logSoftmax(logits).map(Math.exp);
