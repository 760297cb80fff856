import assert from "node:assert/strict";
import { test } from "node:test";

import { buildGraph, cone, letterOf, PARAMETERS, sensitivities, stepOf, uses } from "./graph.js";
import { forward } from "./recurrence.js";

const SETTINGS = {
  steps: 4,
  loss: true,
  params: { U: 0.7, W: -1.1, V: 1.4, b: 0.2, c: -0.3 },
  x: [0.5, -0.8, 0.3, 0.9],
  y: [0.1, -0.4, 0.6, 0.2],
  state: 0.25,
};
const CASES = [
  { pattern: 1, teacher: false },
  { pattern: 2, teacher: false },
  { pattern: 2, teacher: true },
  { pattern: 3, teacher: false },
].map((variant) => ({ ...SETTINGS, ...variant }));

const sorted = (nodes) => [...nodes].sort();

test("pattern 1: h(3) depends on every input and state before it, on no output", () => {
  const graph = buildGraph({ ...SETTINGS, pattern: 1, teacher: false });
  assert.deepEqual(sorted(cone(graph, "h3")), ["h0", "h1", "h2", "h3", "x1", "x2", "x3"]);
});

test("pattern 2: h(3) depends on the outputs before it; with a teacher on one target only", () => {
  const free = buildGraph({ ...SETTINGS, pattern: 2, teacher: false });
  assert.deepEqual(sorted(cone(free, "h3")), ["h1", "h2", "h3", "o0", "o1", "o2", "x1", "x2", "x3"]);
  const taught = buildGraph({ ...SETTINGS, pattern: 2, teacher: true });
  assert.deepEqual(sorted(cone(taught, "h3")), ["h3", "x3", "y2"]);
});

test("pattern 3 speaks once", () => {
  const { nodes } = buildGraph({ ...SETTINGS, pattern: 3, teacher: false });
  assert.deepEqual(nodes.filter((id) => letterOf(id) === "o" || letterOf(id) === "L"), ["o4", "L4"]);
});

test("a parameter is used once a step", () => {
  const graph = buildGraph({ ...SETTINGS, pattern: 1, teacher: false });
  for (const parameter of PARAMETERS) {
    const { nodes, edges } = uses(graph, parameter);
    assert.equal(nodes.length + edges.length, 4, parameter);
  }
  assert.deepEqual(uses(buildGraph({ ...SETTINGS, pattern: 3 }), "c").nodes, ["o4"]);
});

test("without the loss there is no L and no y", () => {
  const { nodes } = buildGraph({ ...SETTINGS, pattern: 1, teacher: false, loss: false });
  assert.deepEqual([...new Set(nodes.map(letterOf))].sort(), ["h", "o", "x"]);
});

// What a node's value would be if the one at `id` were larger by `nudge`.
function nudged(settings, id, nudge) {
  const [letter, t] = [letterOf(id), stepOf(id)];
  const changed = { ...settings, x: [...settings.x], y: [...settings.y] };
  if (letter === "x") changed.x[t - 1] += nudge;
  if (letter === "y") changed.y[t - 1] += nudge;
  if (t === 0) changed.state += nudge;
  return forward(changed);
}

test("sensitivities equal finite differences", () => {
  const nudge = 1e-6;
  for (const settings of CASES) {
    const graph = buildGraph(settings);
    const values = forward(settings);
    for (const target of ["h4", "o4", "L4"]) {
      const read = ({ h, o, loss }) => ({ h, o, L: loss })[letterOf(target)][4];
      const found = sensitivities(graph, target, settings, values);
      assert.deepEqual(sorted(found.keys()), sorted(cone(graph, target)));
      for (const id of graph.nodes.filter((node) => "xy".includes(letterOf(node)) || stepOf(node) === 0)) {
        const difference = (read(nudged(settings, id, nudge)) - read(nudged(settings, id, -nudge))) / (2 * nudge);
        const name = `pattern ${settings.pattern}, teacher ${settings.teacher}: d${target}/d${id}`;
        assert.ok(Math.abs((found.get(id) ?? 0) - difference) < 1e-8, `${name}: ${found.get(id)} ${difference}`);
      }
    }
  }
});
