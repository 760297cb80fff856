// What the widget says: the round that was done last, how scan and loop stand, and what the followed result is.
import { fixed } from "../kit/format.js";

// Lines of the panel, each [kind, text].
export function describe({ study, time, target, steps, operation, label }) {
  const { rounds, operations, results, way } = study;
  const lines = [];
  if (time <= rounds.length) {
    const round = rounds[time - 1];
    const distance = round[0].place - round[0].source;
    const key = round.length > 1 ? "now" : "nowOne";
    lines.push(["sentence", label(key, { round: time, count: round.length, distance })]);
  }
  const counts = { rounds: rounds.length, operations, loop: steps - 1 };
  if (time >= Math.max(rounds.length, steps - 1)) lines.push(["sentence", label("both", counts)]);
  else if (time >= rounds.length) lines.push(["sentence", label("finished", counts)]);
  const id = operation === "sum" ? `s(${target})` : `h(${target})`;
  lines.push(["sentence", label("way", { id, T: target, needed: way.size })]);
  lines.push(["equation", `${id} = ${fixed(results[target - 1])}`]);
  return lines;
}

// The rows of the counts: [name, rounds done, operations done, depth, work] of the loop and of the scan.
export function counted({ study: { rounds, operations, done }, time, steps, label }) {
  const of = (some, all) => label("ofAll", { done: Math.min(some, all), all });
  return [
    [label("loop"), of(time, steps - 1), of(time, steps - 1)],
    [label("scan"), of(time, rounds.length), of(done(time), operations)],
  ];
}
