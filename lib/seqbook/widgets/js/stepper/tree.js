// The tree of what the beam held, and what could have come next at each of its nodes: no DOM.
import { signsOf } from "./reading.js";
import { wayTo } from "./study.js";

// The nodes to draw, of sequences of up to `depth` tokens: { key, parent, sequence, sign, depth, row, kind: { forced, best,
// greedy, held, outside } }. A node's row is its rank in the beam, 0 the best; `held` says whether something the beam
// holds at `depth` grew from it, `best` whether the best of that did. Nodes of the greedy path that the beam dropped
// are `outside`, in a row of their own below it.
export function treeOf({ forced, greedy, levels }, network, depth) {
  const key = ({ ids }) => signsOf(ids, network);
  const given = forced.ids.length;
  const level = levels[Math.min(levels.length - 1, Math.max(0, depth - given))];
  const keys = (sequences) => new Set(sequences.flatMap(wayTo).map(key));
  const [held, best, likely] = [keys(level), keys([level[0]]), keys([greedy])];
  const nodes = new Map();
  const add = (sequence, row, outside = false) => {
    const name = key(sequence);
    if (sequence.ids.length > depth || nodes.has(name)) return;
    const kind = {
      forced: sequence.ids.length > 0 && sequence.ids.length <= given,
      best: best.has(name),
      greedy: likely.has(name),
      held: held.has(name),
      outside,
    };
    const sign = sequence.ids.length ? network.tokens[sequence.ids.at(-1)] : "c";
    const parent = sequence.before ? key(sequence.before) : null;
    nodes.set(name, { key: name, parent, sequence, sign, depth: sequence.ids.length, row, kind });
  };
  for (const sequence of wayTo(forced)) add(sequence, 0);
  for (const beam of levels.slice(1)) for (const [rank, sequence] of beam.entries()) add(sequence, rank);
  const width = Math.max(...levels.map((beam) => beam.length));
  for (const sequence of wayTo(greedy)) add(sequence, width, true);
  return [...nodes.values()];
}

// The room the whole tree needs, however much of it is drawn: { columns, rows }.
export function roomOf({ forced, greedy, levels }, network) {
  const all = treeOf({ forced, greedy, levels }, network, Infinity);
  return {
    columns: 1 + Math.max(...all.map(({ depth }) => depth)),
    rows: 1 + Math.max(...all.map(({ row }) => row)),
  };
}

// Every token that may follow `sequence`, in the order of the ids: { token, sign, probability, logProb, fate, rank }.
// `logProb` is that of the whole with it; `fate` is "kept" (with its `rank` in the beam, from 1), "dropped", "outside"
// where the beam does not hold `sequence`, or "given" where the reader chose what follows, so that no beam decides.
export function candidatesOf({ forced, levels }, network, sequence) {
  if (!sequence.next) return [];
  const at = sequence.ids.length - forced.ids.length;
  const name = signsOf(sequence.ids, network);
  const ranks = (beam) => new Map((beam ?? []).map(({ ids }, n) => [signsOf(ids, network), n + 1]));
  const inside = ranks(levels[at]).has(name) && levels.length > at + 1;
  const next = ranks(levels[at + 1]);
  return network.tokens.flatMap((sign, token) => {
    if (sign === "") return []; // the start
    const rank = next.get(name + sign) ?? null;
    const fate = at < 0 ? "given" : !inside ? "outside" : rank ? "kept" : "dropped";
    const logProb = sequence.next.logProbs[token];
    return { token, sign, probability: Math.exp(logProb), logProb: sequence.logProb + logProb, fate, rank };
  });
}

// The node that a key of the keyboard leads to from `node`: to its parent, the best it grew into, or the next row at
// the same depth; undefined for other keys, null where there is none.
export function neighbour(nodes, node, pressed) {
  const best = (some) => some.sort((one, other) => one.row - other.row)[0] ?? null;
  const beside = (direction) =>
    nodes
      .filter(({ depth, row }) => depth === node.depth && (row - node.row) * direction > 0)
      .sort((one, other) => Math.abs(one.row - node.row) - Math.abs(other.row - node.row))[0] ?? null;
  if (pressed === "ArrowLeft") return nodes.find(({ key }) => key === node.parent) ?? null;
  if (pressed === "ArrowRight") return best(nodes.filter(({ parent }) => parent === node.key));
  if (pressed === "ArrowUp") return beside(-1);
  if (pressed === "ArrowDown") return beside(1);
  return undefined;
}
