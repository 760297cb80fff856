// What `AttentionMap.numbers` gives, computed in the page.
import { createStudy } from "./study.js";

const rows = (vectors) => vectors.map((vector) => [...vector]);
const BACK = {
  d_logits: "dLogits", d_attentional: "dAttentional", d_context: "dContext", d_weights: "dWeights", d_scores: "dScores",
  d_query: "dQuery", d_decoder: "dDecoder", d_values: "dValues", d_keys: "dKeys", d_states: "dStates",
  d_inputs: "dInputs",
};

export function numbers(get) {
  const study = createStudy(get("specimen"), get("limits").text.most);
  const { encoder, steps } = study(get);
  const back = study.back(get);
  const all = (name) => rows(steps.map((step) => step[name]));
  const gradients = Object.entries(BACK).map(([name, key]) => {
    const found = back?.[key] ?? [];
    return [name, Array.isArray(found) ? rows(found) : [...found]];
  });
  return {
    states: rows(encoder?.states ?? []),
    written: steps.map(({ token }) => token),
    decoder: all("s"),
    scores: all("scores"),
    weights: all("weights"),
    contexts: all("context"),
    attentional: all("a"),
    log_probs: all("logProbs"),
    ...Object.fromEntries(gradients),
  };
}
