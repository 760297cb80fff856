// The rounds of a scan and what every place holds after them. Places count from 0, as in Python.

const halvings = (count) => Array.from({ length: count }, (_, n) => 2 ** n);
const bits = (number) => number.toString(2).length;

function operations(T, first, step, reach) {
  const found = [];
  for (let place = first; place < T; place += step) found.push({ source: place - reach, place });
  return found;
}

// [{ source, place }, …] of every round: what `source` holds comes before what `place` holds, and both go into `place`.
export function roundsOf(T, method) {
  if (method === "doubling") return halvings(bits(T - 1)).map((d) => operations(T, d, 1, d));
  const reach = halvings(bits(T) - 1);
  const up = reach.map((d) => operations(T, 2 * d - 1, 2 * d, d));
  const down = reach.reverse().map((d) => operations(T, 3 * d - 1, 2 * d, d));
  return [...up, ...down].filter((round) => round.length);
}

// The step h → a h + u that does in one what two do, and the first t (from 1) that is in it.
const combine = (earlier, later) => ({
  a: later.a * earlier.a,
  u: later.u + later.a * earlier.u,
  first: earlier.first,
});

// What every place holds at the start and after each round: rows of { a, u, first }.
export function held(rounds, start) {
  const rows = [start.map(({ a, u }, place) => ({ a, u, first: place + 1 }))];
  for (const round of rounds) {
    const before = rows.at(-1);
    const after = [...before];
    for (const { source, place } of round) after[place] = combine(before[source], before[place]);
    rows.push(after);
  }
  return rows;
}

// The operations that the final content of `place` is made of, as "round,place" (rounds from 1), and its inputs.
export function wayTo(rounds, place) {
  const open = new Set([place]);
  const way = new Set();
  for (let round = rounds.length; round > 0; round -= 1) {
    for (const operation of rounds[round - 1].filter((each) => open.has(each.place))) {
      way.add(`${round},${operation.place}`);
    }
    for (const { source, place: to } of rounds[round - 1]) if (way.has(`${round},${to}`)) open.add(source);
  }
  return { way, inputs: open };
}

// All that the settings determine: rounds, rows, results by the loop, and the way to the target.
export function study({ operation, method, steps, decay, x, target }) {
  const a = operation === "sum" ? 1 : decay;
  const start = x.slice(0, steps).map((u) => ({ a, u }));
  const rounds = roundsOf(steps, method);
  const results = [];
  for (const { u } of start) results.push(a * (results.at(-1) ?? 0) + u);
  const done = (time) => rounds.slice(0, time).reduce((sum, round) => sum + round.length, 0);
  return {
    rounds,
    rows: held(rounds, start),
    results,
    operations: done(rounds.length),
    done,
    last: Math.max(steps - 1, rounds.length), // of the rounds that the player goes through
    ...wayTo(rounds, Math.min(target, steps) - 1),
  };
}

export const settingsOf = (get) =>
  Object.fromEntries(["operation", "method", "steps", "decay", "x", "target"].map((name) => [name, get(name)]));
