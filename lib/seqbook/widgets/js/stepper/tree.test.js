import assert from "node:assert/strict";
import { test } from "node:test";

import { signsOf } from "./reading.js";
import { createStudy, wayTo } from "./study.js";
import { toy } from "./toy.js";
import { candidatesOf, neighbour, roomOf, treeOf } from "./tree.js";

const traits = (changed = {}) => {
  const all = { text: "xyx", forced: "", width: 3, shown: "greedy", ...changed };
  return (trait) => all[trait];
};
const studyOf = (network, changed) => createStudy(network, 5)(traits(changed));

// A text, among many, whose greedy path the beam drops on its way.
function dropped(network, width) {
  const letters = [..."xy"];
  const texts = letters.flatMap((a) => letters.flatMap((b) => letters.flatMap((c) => letters.map((d) => a + b + c + d))));
  return texts.find((text) => {
    const { greedy, levels } = studyOf(network, { text, width });
    const kept = levels.flat().map(({ ids }) => ids.join());
    return wayTo(greedy).some(({ ids }) => !kept.includes(ids.join()));
  });
}

test("the tree holds what the beam held, by rank, and knows what lives on", () => {
  const network = toy(5);
  const study = studyOf(network);
  const { nodes } = treeOf(study, network, Infinity);
  const byKey = new Map(nodes.map((node) => [node.key, node]));
  for (const [depth, level] of study.levels.entries()) {
    for (const [rank, { ids, logProb }] of level.entries()) {
      const node = byKey.get(signsOf(ids, network));
      assert.equal(node.logProb, logProb);
      if (ids.length === depth) assert.equal(node.row, rank);
    }
  }
  const last = study.levels.at(-1);
  for (const node of nodes) {
    const prefix = (sequence) => signsOf(sequence.ids, network).startsWith(node.key);
    assert.equal(node.kind.held, last.some(prefix));
    assert.equal(node.kind.best, prefix(last[0]));
    assert.equal(node.kind.greedy, prefix(study.greedy));
    if (node.key) assert.equal(byKey.get(node.parent).depth, node.depth - 1);
  }
});

test("while it grows, what lives on is what the beam holds then", () => {
  const network = toy(5);
  for (const text of ["x", "y", "xy", "yx", "xyx", "yyx"]) {
    const study = studyOf(network, { text });
    const { nodes } = treeOf(study, network, 2);
    assert.equal(Math.max(...nodes.map(({ depth }) => depth)), 2);
    const held = nodes.filter(({ depth, kind }) => depth === 2 && kind.held).map(({ key }) => key).sort();
    const level = study.levels[2].filter(({ ids }) => ids.length === 2);
    assert.deepEqual(held, level.map(({ ids }) => signsOf(ids, network)).sort());
  }
});

test("a greedy path that the beam drops stands in a row of its own", () => {
  const network = toy(5);
  const text = dropped(network, 2);
  assert.ok(text);
  const study = studyOf(network, { text, width: 2 });
  const { nodes } = treeOf(study, network, Infinity);
  const outside = nodes.filter(({ kind }) => kind.outside);
  assert.ok(outside.length && outside.every(({ row, kind }) => row === 2 && kind.greedy && !kind.held));
  assert.equal(roomOf(study, network).rows, 3);
});

test("given tokens are the tree's trunk, and no two nodes lie upon each other", () => {
  const network = toy(5);
  for (const changed of [{}, { forced: "ba" }, { width: 1 }, { forced: "ca", width: 4 }, { text: "yyxy", width: 2 }]) {
    const study = studyOf(network, changed);
    const { nodes } = treeOf(study, network, Infinity, "b");
    const places = nodes.map(({ depth, row }) => `${depth} ${row}`);
    assert.equal(new Set(places).size, places.length);
    const trunk = nodes.filter(({ kind }) => kind.forced).map(({ key }) => key);
    assert.deepEqual(trunk, changed.forced ? [changed.forced[0], changed.forced] : []);
  }
});

test("an opened node shows the likeliest candidates that were dropped", () => {
  const network = toy(5, "abcdefgh");
  const study = studyOf(network, { width: 2 });
  const opened = signsOf(study.levels[1].find(({ next }) => next).ids, network);
  const { nodes, sequences } = treeOf(study, network, Infinity, opened);
  const leaves = nodes.filter(({ kind }) => kind.leaf);
  const all = candidatesOf(study, network, sequences.get(opened));
  const wanted = all.filter(({ fate }) => fate === "dropped").sort((one, other) => other.logProb - one.logProb);
  assert.ok(leaves.length === 4 && wanted.length > 4);
  assert.deepEqual(leaves.map(({ key }) => key), wanted.slice(0, 4).map(({ sign }) => opened + sign));
  assert.deepEqual(leaves.map(({ logProb }) => logProb), wanted.slice(0, 4).map(({ logProb }) => logProb));
  assert.ok(leaves.every(({ parent, ids }) => parent === opened && signsOf(ids, network).length === opened.length + 1));
  assert.deepEqual(treeOf(study, network, Infinity, "no such node").nodes, treeOf(study, network, Infinity).nodes);
});

test("candidates say what the beam did with them", () => {
  const network = toy(5);
  const study = studyOf(network, { forced: "a", width: 2 });
  const way = wayTo(study.forced);
  const given = candidatesOf(study, network, way[0]);
  assert.deepEqual(given.map(({ sign }) => sign), ["a", "b", "c", "■"]);
  assert.ok(given.every(({ fate, rank }) => fate === "given" && rank === null));
  const next = candidatesOf(study, network, study.forced);
  const ranks = study.levels[1].map(({ ids }) => signsOf(ids, network));
  for (const { sign, fate, rank, probability, logProb } of next) {
    const at = ranks.indexOf(`a${sign}`);
    assert.deepEqual([fate, rank], at < 0 ? ["dropped", null] : ["kept", at + 1]);
    assert.ok(Math.abs(logProb - study.forced.logProb - Math.log(probability)) < 1e-12);
  }
  const text = dropped(network, 2);
  const lost = studyOf(network, { text, width: 2 });
  const kept = new Set(lost.levels.flat().map(({ ids }) => ids.join()));
  const outside = wayTo(lost.greedy).find(({ ids, next: open }) => open && !kept.has(ids.join()));
  if (outside) assert.ok(candidatesOf(lost, network, outside).every(({ fate }) => fate === "outside"));
  const over = study.greedy.next ? null : study.greedy;
  if (over) assert.deepEqual(candidatesOf(study, network, over), []);
});

test("arrow keys lead to the parent, the best child and the rows beside", () => {
  const network = toy(5);
  const { nodes } = treeOf(studyOf(network), network, Infinity);
  const root = nodes.find(({ key }) => key === "");
  const child = neighbour(nodes, root, "ArrowRight");
  assert.equal(child.parent, "");
  assert.equal(child.row, Math.min(...nodes.filter(({ parent }) => parent === "").map(({ row }) => row)));
  assert.equal(neighbour(nodes, child, "ArrowLeft"), root);
  const below = neighbour(nodes, child, "ArrowDown");
  assert.deepEqual([below.depth, below.row], [1, child.row + 1]);
  assert.equal(neighbour(nodes, below, "ArrowUp"), child);
  assert.equal(neighbour(nodes, root, "ArrowUp"), null);
  assert.equal(neighbour(nodes, root, "ArrowLeft"), null);
  assert.equal(neighbour(nodes, root, "a"), undefined);
});

test("what is only shown computes nothing; a width searches alone; another token reads nothing again", () => {
  const network = toy(5);
  const calls = {};
  const study = createStudy(network, 5, calls);
  study(traits());
  assert.deepEqual(calls, { read: 1, write: 1, search: 1 });
  const steps = network.calls.step;
  study(traits());
  study(traits({ shown: "beam" }));
  assert.deepEqual(calls, { read: 1, write: 1, search: 1 });
  assert.equal(network.calls.step, steps);
  study(traits({ width: 4 }));
  assert.deepEqual(calls, { read: 1, write: 1, search: 2 });
  study(traits({ width: 4, forced: "b" }));
  assert.deepEqual(calls, { read: 1, write: 2, search: 3 });
  study(traits({ width: 4, forced: "b", text: "yy" }));
  assert.deepEqual(calls, { read: 2, write: 3, search: 4 });
  assert.equal(study(traits({ text: "" })).path, null);
});
