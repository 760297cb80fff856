// The recurrence itself, all sizes 1: what `seqbook.scratch` RNN, OutputRNN and SingleOutputRNN compute.
// Steps are numbered 1 … T as in the equations; index 0 holds the initial state.

// settings: { pattern, steps, teacher, params: {U, W, V, b, c}, x, y, state }; x[t - 1] is x(t).
export function forward({ pattern, steps, teacher, params: { U, W, V, b, c }, x, y, state }) {
  const a = [null];
  const h = [pattern === 2 ? null : state];
  const o = [pattern === 2 ? state : null];
  const loss = [null];
  let total = 0;
  for (let t = 1; t <= steps; t += 1) {
    const fed = pattern === 2 ? (teacher && t > 1 ? y[t - 2] : o[t - 1]) : h[t - 1];
    a[t] = b + W * fed + U * x[t - 1];
    h[t] = Math.tanh(a[t]);
    const speaks = pattern !== 3 || t === steps;
    o[t] = speaks ? c + V * h[t] : null;
    loss[t] = speaks ? (o[t] - y[t - 1]) ** 2 : null;
    total += speaks ? loss[t] : 0;
  }
  return { a, h, o, loss, total };
}
