// What the network says at a step: for characters and classes the softmax of its outputs.

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
