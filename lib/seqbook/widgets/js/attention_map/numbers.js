// What `AttentionMap.numbers` gives, computed in the page.
import { PLACES, createHeadsStudy, headOf } from "./heads-study.js";
import { createStudy } from "./study.js";

const rows = (vectors) => vectors.map((vector) => [...vector]);
const BACK = {
  d_logits: "dLogits", d_attentional: "dAttentional", d_context: "dContext", d_weights: "dWeights", d_scores: "dScores",
  d_query: "dQuery", d_decoder: "dDecoder", d_values: "dValues", d_keys: "dKeys", d_states: "dStates",
  d_inputs: "dInputs",
};

function recurrent(get) {
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

function transformer(get) {
  const found = createHeadsStudy(get("specimen"), get("limits").text.most)(get);
  const { run } = found;
  const names = ["queries", "keys", "values", "scores", "weights", "mixed", "added"];
  const head = run ? headOf(found, get("place"), get("layer"), get("head"), get("erased")) : {};
  return {
    memory: [...(run?.memory ?? [])], written: run?.written ?? [], log_probs: rows(run?.logProbs ?? []),
    ...Object.fromEntries(PLACES.map((place) => [place, rows(run?.looks[place].map(({ weights }) => weights) ?? [])])),
    ...Object.fromEntries(names.map((name) => [name, rows(head[name] ?? [])])),
  };
}

export const numbers = (get) => ({ recurrent, transformer })[get("architecture")](get);
