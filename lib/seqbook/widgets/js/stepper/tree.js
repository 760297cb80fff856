// The tree of what the beam held, and what could have come next at each of its nodes: no DOM.
import { signsOf } from "./reading.js";
import { wayTo } from "./study.js";

const LEAVES = 4; // of an opened node, the likeliest candidates that the beam did not keep

// The nodes to draw, of sequences of up to `depth` tokens: { nodes, sequences }, a node being { key, parent, ids, sign,
// logProb, depth, row, kind }, `kind` = { forced, best, greedy, held, outside, leaf }. Its row is its rank in the beam, 0
// the best; `held` says whether something that the beam holds at `depth` grew from it, `best` whether the best of that
// did. Nodes of the greedy path that the beam dropped are `outside`, in a row of their own below it; `leaf` are dropped
// candidates of the node with the key `opened`, one below the other. `sequences` has those of all but the leaves by key.
export function treeOf({ forced, greedy, levels }, network, depth, opened = "") {
  const keyOf = ({ ids }) => signsOf(ids, network);
  const given = forced.ids.length;
  const level = levels[Math.min(levels.length - 1, Math.max(0, depth - given))];
  const keys = (sequences) => new Set(sequences.flatMap(wayTo).map(keyOf));
  const [held, best, likely] = [keys(level), keys([level[0]]), keys([greedy])];
  const nodes = new Map();
  const sequences = new Map(); // by the nodes' keys
  const add = (sequence, row, outside = false) => {
    const { ids, logProb, before } = sequence;
    const key = keyOf(sequence);
    if (ids.length > depth || nodes.has(key)) return;
    const kind = {
      forced: ids.length > 0 && ids.length <= given,
      best: best.has(key),
      greedy: likely.has(key),
      held: held.has(key),
      outside,
      leaf: false,
    };
    const sign = ids.length ? network.tokens[ids.at(-1)] : "c";
    nodes.set(key, { key, parent: before && keyOf(before), ids, sign, logProb, depth: ids.length, row, kind });
    sequences.set(key, sequence);
  };
  for (const sequence of wayTo(forced)) add(sequence, 0);
  for (const beam of levels.slice(1)) for (const [rank, sequence] of beam.entries()) add(sequence, rank);
  const width = Math.max(...levels.map((beam) => beam.length));
  for (const sequence of wayTo(greedy)) add(sequence, width, true);

  const first = 1 + Math.max(...[...nodes.values()].map(({ row }) => row));
  const parent = opened === "" ? undefined : sequences.get(opened);
  const dropped = parent ? candidatesOf({ forced, levels }, network, parent).filter(({ fate }) => fate !== "kept") : [];
  dropped.sort((one, other) => other.logProb - one.logProb);
  for (const { token, sign, logProb } of dropped) {
    const key = opened + sign;
    const row = first + nodes.size - sequences.size;
    if (nodes.has(key) || row === first + LEAVES) continue;
    const ids = [...parent.ids, token];
    nodes.set(key, { key, parent: opened, ids, sign, logProb, depth: ids.length, row, kind: { leaf: true } });
  }
  return { nodes: [...nodes.values()], sequences };
}

// The room that the whole tree needs, however much of it is drawn: { columns, rows }.
export function roomOf(study, network) {
  const { nodes } = treeOf(study, network, Infinity);
  return {
    columns: 1 + Math.max(...nodes.map(({ depth }) => depth)),
    rows: 1 + Math.max(...nodes.map(({ row }) => row)),
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
  const next = inside ? ranks(levels[at + 1]) : new Map();
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
  const nearest = (some, from) =>
    some.sort((one, other) => Math.abs(one.row - from) - Math.abs(other.row - from))[0] ?? null;
  const column = nodes.filter(({ depth }) => depth === node.depth);
  if (pressed === "ArrowLeft") return nodes.find(({ key }) => key === node.parent) ?? null;
  if (pressed === "ArrowRight") return nearest(nodes.filter(({ parent }) => parent === node.key), 0);
  if (pressed === "ArrowUp") return nearest(column.filter(({ row }) => row < node.row), node.row);
  if (pressed === "ArrowDown") return nearest(column.filter(({ row }) => row > node.row), node.row);
  return undefined;
}
