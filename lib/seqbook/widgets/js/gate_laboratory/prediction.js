// What the network says at a step: W h + b, and for characters and classes its softmax.

export function linear({ weight, bias }, h) {
  const H = h.length;
  return bias.map((sum, row) => {
    for (let m = 0; m < H; m += 1) sum += weight[row * H + m] * h[m];
    return sum;
  });
}

export function softmax(logits) {
  const most = Math.max(...logits);
  const powers = logits.map((logit) => Math.exp(logit - most));
  const total = powers.reduce((sum, power) => sum + power, 0);
  return powers.map((power) => power / total);
}

// The `count` likeliest outputs under `held`, joined by the likeliest under `free`: [{ output, held, free }], likeliest
// first.
export function likeliest(held, free, count) {
  const order = (probabilities) => [...probabilities.keys()].sort((a, b) => probabilities[b] - probabilities[a]);
  const chosen = order(held).slice(0, count);
  const [top] = order(free);
  if (!chosen.includes(top)) chosen[count - 1] = top;
  return chosen.map((output) => ({ output, held: held[output], free: free[output] }));
}
