// What the network answers at a step, as learned and with held gates: rows for outputs.js, and texts for the words.
import { fixed } from "../kit/format.js";
import { percent } from "./describe.js";
import { likeliest, softmax } from "./prediction.js";
import { markedSum } from "./specimens.js";

const COUNT = 5; // rows

// The sum of the marked numbers so far, true and answered; at the end of the text as texts, once it is computed.
function sums({ outputs }, steps, t, { free, held, compares }, label) {
  const answered = (run, at) => outputs(run[at - 1])[0];
  const [truth, learned, mine] = [markedSum(steps.slice(0, t)), answered(free, t), answered(held, t)];
  const most = Math.max(2, truth, learned, mine);
  const row = (name, value, kind) => ({ label: label(name), held: value, free: 0, most, text: fixed(value), kind });
  const T = steps.length;
  const ended = free.length === T && held.length === T;
  return {
    rows: [
      row("truth", truth, "true"),
      row("asLearned", learned, compares ? "plain" : null),
      ...(compares ? [row("withHeld", mine, "changed")] : []),
    ],
    paired: false,
    words: ended
      ? [
          compares ? "sums" : "sum",
          { truth: fixed(markedSum(steps)), free: fixed(answered(free, T)), held: fixed(answered(held, T)) },
        ]
      : null,
  };
}

// The likeliest characters or classes.
function shares({ outputs, predicts, labels }, steps, t, { free, held, compares }, label, nameOf) {
  const name = (output) => {
    if (predicts === "classes") return labels[output];
    return output === 0 ? label("unknownName") : nameOf(labels[output]);
  };
  const [learned, mine] = [free, held].map((run) => softmax(outputs(run[t - 1])));
  const follows = predicts === "next" ? steps[t]?.key : undefined; // the character that does come next
  const rows = likeliest(mine, learned, COUNT).map((each) => ({
    label: each.output === follows ? label("actual", { text: name(each.output) }) : name(each.output),
    held: each.held,
    free: each.free,
    most: 1,
    text: percent(each.held),
    before: percent(each.free),
    kind: each.output === follows ? "true" : null,
  }));
  const [before, after] = [learned, mine].map((all) => all.indexOf(Math.max(...all)));
  const said = (output, all) => `${name(output)} ${percent(all[output])}`;
  const texts = { free: said(before, learned), held: said(after, mine) };
  return { rows, paired: compares, words: compares ? [before === after ? "unchanged" : "changed", texts] : null };
}

// `runs` = { free, held, compares }: the computed steps of both runs, and whether they differ. Gives the rows, whether
// each has two lengths, and [label, holes] of a sentence or null; null while step t is not computed.
export function answer(network, steps, t, runs, label, nameOf) {
  if (!runs.free[t - 1] || !runs.held[t - 1]) return null;
  return (network.predicts === "number" ? sums : shares)(network, steps, t, runs, label, nameOf);
}
