// What is shown, in sentences and equations: no DOM.
import { fixed, significant } from "../kit/format.js";
import { norm } from "../kit/vectors.js";
import { joined, visible } from "./signs.js";

const SUBSCRIPTS = "₀₁₂₃₄₅₆₇₈₉";
export const subscript = (number) => [...String(number)].map((digit) => SUBSCRIPTS[digit]).join("");

// What the reader typed, kept apart from the sentence around it: some characters turn the direction of writing.
export const apart = (text) => `\u2068${text}\u2069`;

// A probability or a weight in two digits; what rounds to 0 or 1 and is not says so.
export function brief(p) {
  if (p > 0.995 && p < 1) return ">0.99";
  return p < 0.005 && p > 0 ? "<0.01" : fixed(p);
}

export const largest = (values) => values.reduce((best, value, n) => (value > values[best] ? n : best), 0);
export const ranked = (values) => [...values.keys()].sort((one, other) => values[other] - values[one]);

export const targetName = (token, task, label) =>
  token === task.end ? `■(${label("end")})` : `“${apart(visible(task.target[token]))}”`;
export const sourceName = (sign) => `“${apart(visible(sign))}”`;

// The target that steps write: "…" where it has not come to its end.
export function written(steps, task) {
  const signs = steps.filter(({ token }) => token !== task.end).map(({ token }) => task.target[token]);
  return joined(signs, task.kinds[1]) + (steps.at(-1)?.token === task.end ? "" : "…");
}

// Terms of a sum as one reads them, the six largest in their order: "0.93·(−0.44) + … + 0.01·0.3".
export function terms(values, write, limit = 6) {
  const kept = new Set(ranked(values.map(Math.abs)).slice(0, limit));
  let gap = false;
  const parts = values.flatMap((_, i) => {
    if (kept.has(i)) {
      gap = false;
      return [write(i)];
    }
    if (gap) return [];
    gap = true;
    return ["…"];
  });
  return parts.join(" + ");
}

// A factor in two digits, in brackets where it has a sign.
export function factor(value) {
  const text = fixed(value);
  return text.startsWith("−") ? `(${text})` : text;
}

// Lines for words.js about step t: what was written, where it looked, and what attention left alone would write.
export function describe({ read, steps, task }, untouched, t, label) {
  const { token, logProbs, weights, mode } = steps[t - 1];
  const best = largest(weights);
  const holes = {
    t, sign: targetName(token, task, label), p: brief(Math.exp(logProbs[token])), source: sourceName(read.signs[best]),
    weight: brief(weights[best]),
  };
  const lines = [["sentence", label(mode === "off" ? "writesOff" : "writes", holes)]];
  const text = written(steps, task);
  lines.push(["sentence", label("whole", { text: apart(text) })]);
  if (untouched) {
    const other = written(untouched, task);
    lines.push(["sentence", other === text ? label("same") : label("before", { text: apart(other) })]);
  }
  return lines;
}

// The four steps with the numbers of step t, source i (from 0) and unit u.
export function equations({ encoder, steps, task, read }, t, i, u, label) {
  const { scores, weights, softmax, byHand, mode, temperature, context, a, logProbs, token } = steps[t - 1];
  const [S, H] = [weights.length, context.length];
  const n = subscript(i + 1);
  const line = (...key) => ["equation", label(...key)];
  const most = Math.max(...scores);
  const raised = Array.from(scores, (e) => Math.exp((e - most) / temperature));
  const weight = () => {
    const value = fixed(weights[i], 3);
    if (mode === "off") return line("eqWeightOff", { i: n });
    const uniform = mode === "uniform" && weights.every((each) => each === 1 / S); // no row set by hand
    if (uniform) return line("eqWeightUniform", { i: n, S, value });
    if (byHand) return line("eqWeightHand", { i: n, value });
    if (mode === "shifted") return line("eqWeightShifted", { i: n, value });
    const below = terms(raised, (j) => fixed(raised[j], 3));
    return line("eqWeight", { i: n, top: fixed(raised[i], 3), terms: below, value: fixed(softmax[i], 3) });
  };
  const parts = encoder.states.map((h, j) => weights[j] * h[u]);
  const product = (j) => `${fixed(weights[j], 2)}·${factor(encoder.states[j][u])}`;
  return [
    ["equation", label(`eqScore_${task.score}`, { i: n, H, value: fixed(scores[i], 3) })],
    weight(),
    line("eqContext", { u, terms: terms(parts, product), value: fixed(context[u], 3) }),
    line("eqAttentional", { u, a: fixed(a[u], 3) }),
    line("eqOutput", {
      sign: targetName(token, task, label), log: fixed(logProbs[token], 3), p: fixed(Math.exp(logProbs[token]), 3),
    }),
  ];
}

// The same backwards, from L = log p(token); `back` is network.backward's.
export function backwards({ steps, task }, back, t, i, u, label) {
  const { softmax, byHand, mode, temperature, logProbs } = steps[t - 1];
  const n = subscript(i + 1);
  const line = (...key) => ["equation", label(...key)];
  const value = significant(back.dScores[i], 3);
  const score = () => {
    if (byHand) return line("eqBackHand", { i: n });
    if (mode === "shifted") return line("eqBackShifted", { i: n, value });
    const [weight, own, mean] = [softmax[i], back.dSoftmax[i], back.mean].map((each) => significant(each, 5));
    return line("eqBackScore", { i: n, weight, own, mean, tau: fixed(temperature, 1), value });
  };
  const sizes = { values: back.dValues[i], keys: back.dKeys[i], all: back.dStates[i], input: back.dInputs[i] };
  const norms = Object.fromEntries(Object.entries(sizes).map(([name, vector]) => [name, significant(norm(vector), 3)]));
  return [
    line("eqLoss", { sign: targetName(back.token, task, label), log: fixed(logProbs[back.token], 3), t }),
    line("eqBackAttentional", { u, value: significant(back.dAttentional[u], 3) }),
    line("eqBackContext", { u, value: significant(back.dContext[u], 3) }),
    line("eqBackWeight", { i: n, value: significant(back.dWeights[i], 3) }),
    score(),
    line("eqBackState", { i: n, ...norms }),
  ];
}

// The Jacobian ∂α/∂e of a step, row-major (S, S): what is done to the weights afterwards, included.
export function jacobian({ softmax, byHand, mode, temperature }) {
  const S = softmax.length;
  const found = new Float64Array(S * S);
  if (byHand) return found;
  for (let i = 0; i < S; i += 1) {
    const from = mode === "shifted" ? (i + S - 1) % S : i;
    for (let j = 0; j < S; j += 1) {
      found[i * S + j] = (softmax[from] * ((from === j ? 1 : 0) - softmax[j])) / temperature;
    }
  }
  return found;
}
