// What a head of the Transformer does, in sentences and equations: no DOM.
import { fixed, significant } from "../kit/format.js";
import { norm } from "../kit/vectors.js";
import { apart, brief, factor, largest, sourceName, subscript, targetName, terms, written } from "./describe.js";
import { nameOf } from "./heads-study.js";

const stepsOf = ({ run }) => run.written.map((token) => ({ token }));

// The text that was written.
export const textOf = (found) => written(stepsOf(found), found.task);

// Lines for words.js: what was written, what is written with no head erased, and what becomes of all held-out sources
// without the chosen head. `names` = heads-study.js's namesOf; t from 1; `untouched` is found with no head erased, or
// null.
export function describeHeads(found, untouched, { place, layer, head, t, weights, names }, label) {
  const { task, run } = found;
  const best = largest(weights[t - 1]);
  const looks = { source: sourceName(names.columns[best]), weight: brief(weights[t - 1][best]) };
  const text = textOf(found);
  const lines = [["sentence", label("whole", { text: apart(text) })]];
  if (untouched) {
    const other = textOf(untouched);
    lines.push(["sentence", other === text ? label("sameHeads") : label("beforeHeads", { text: apart(other) })]);
  }
  const share = (value) => `${fixed(100 * value, 1)}%`;
  lines.push(["sentence", label("rightHeads", {
    whole: share(task.right), share: share(task.erased[nameOf(place, layer, head)]),
    head: label("headOn", { place: label(`place_${place}`), layer, head }),
  })]);
  if (place === "encoder") {
    lines.push(["sentence", label("looksEncoder", { t, sign: sourceName(names.rows[t - 1]), ...looks })]);
  } else {
    const token = run.written[t - 1];
    lines.push(["sentence", label("writes",
      { t, sign: targetName(token, task, label), p: brief(Math.exp(run.logProbs[t - 1][token])), ...looks })]);
  }
  return lines;
}

// The four steps of one head, heads-study.js's headOf, at row t (from 1), column i and unit u (from 0).
export function headEquations(head, temperature, t, i, u, label) {
  const { queries, keys, values, scores, weights, mixed, added, isErased } = head;
  const [q, k, row, K] = [queries[t - 1], keys[i], weights[t - 1], queries[0].length];
  const [n, S] = [subscript(i + 1), row.findLastIndex((each) => each > 0) + 1]; // what lies ahead has the weight 0
  const line = (...key) => ["equation", label(...key)];
  const product = (one, other) => (j) => `${factor(one[j])}·${factor(other[j])}`;
  const products = Array.from(q, (each, j) => each * k[j]);
  const seen = Array.from(row.subarray(0, S));
  const most = Math.max(...scores[t - 1].slice(0, S));
  const raised = seen.map((_, s) => Math.exp((scores[t - 1][s] - most) / temperature));
  const column = values.map((v) => v[u]);
  return [
    line("eqHeadScore", { i: n, K, terms: terms(products, product(q, k), 4), value: fixed(scores[t - 1][i], 3) }),
    line("eqHeadWeight", {
      i: n, top: fixed(raised[i], 3), terms: terms(raised, (s) => fixed(raised[s], 3)), value: fixed(row[i], 3),
    }),
    line("eqHeadMix", {
      u, terms: terms(seen.map((weight, s) => weight * column[s]), (s) => `${fixed(seen[s])}·${factor(column[s])}`),
      value: fixed(mixed[t - 1][u], 3),
    }),
    isErased ? line("eqHeadErased") : line("eqHeadAdded", { size: significant(norm(added[t - 1]), 3) }),
  ];
}
