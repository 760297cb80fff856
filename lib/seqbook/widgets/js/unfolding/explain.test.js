import assert from "node:assert/strict";
import { test } from "node:test";

import { translator } from "../kit/i18n.js";
import { equations, explain, listOf, sources, valueOf } from "./explain.js";
import { buildGraph, sensitivities } from "./graph.js";
import { LABELS } from "./labels.js";
import { forward } from "./recurrence.js";

const SETTINGS = {
  pattern: 1, steps: 3, teacher: false, loss: true, state: 0.5,
  params: { U: 2, W: -1, V: 0.5, b: 0.25, c: -0.75 }, x: [0.5, -0.25, 1], y: [0.1, 0.2, 0.3],
};

test("the equation of a hidden state, in symbols and in numbers", () => {
  const [a, h] = equations("h1", SETTINGS, forward(SETTINGS));
  assert.equal(a, "a(1) = b + W h(0) + U x(1) = 0.25 + (−1.00) × 0.50 + 2.00 × 0.50 = 0.75");
  assert.equal(h, "h(1) = tanh(a(1)) = tanh(0.75) = 0.64");
});

test("outputs and losses, and what pattern 2 feeds back with and without a teacher", () => {
  const values = forward(SETTINGS);
  assert.match(equations("o1", SETTINGS, values)[0], /^o\(1\) = c \+ V h\(1\) = −0\.75 \+ 0\.50 × 0\.64 = −0\.43$/);
  assert.match(equations("L1", SETTINGS, values)[0], /^L\(1\) = \(o\(1\) − y\(1\)\)² = \(−0\.43 − 0\.10\)² = 0\.28$/);
  const free = { ...SETTINGS, pattern: 2 };
  assert.match(equations("h2", free, forward(free))[0], /W o\(1\)/);
  const taught = { ...free, teacher: true };
  assert.match(equations("h2", taught, forward(taught))[0], /W y\(1\) .* × 0\.10 /);
  assert.match(equations("h1", taught, forward(taught))[0], /W o\(0\) .* × 0\.50 /);
});

test("sources in reading order, long runs shortened", () => {
  const graph = buildGraph({ ...SETTINGS, steps: 5 });
  assert.deepEqual(sources(graph, "L2"), ["h0", "x1", "x2", "y2"]);
  assert.equal(listOf(["h0", "x1", "x2", "x3"]), "h(0), x(1), x(2), x(3)");
  assert.equal(listOf(["h0", "x1", "x2", "x3", "x4", "y4"]), "h(0), x(1) … x(4), y(4)");
});

test("every node and parameter of every pattern has words without holes, before and after its step", () => {
  for (const lang of ["ko", "en"]) {
    const label = translator(LABELS, lang);
    for (const [pattern, teacher] of [[1, false], [2, false], [2, true], [3, false]]) {
      const settings = { ...SETTINGS, pattern, teacher };
      const graph = buildGraph(settings);
      const values = forward(settings);
      const slopes = (id) => sensitivities(graph, id, settings, values);
      for (const focus of ["", ...graph.nodes, "U", "W", "V", "b", "c"]) {
        for (const time of [1, 3]) {
          const lines = explain(focus, { settings, graph, values, slopes, time, label });
          const text = lines.map((line) => line.text).join(" ");
          assert.ok(lines.length && !/[{}]|undefined|NaN|null/.test(text), `${focus}: ${text}`);
        }
      }
      assert.equal(valueOf(pattern === 2 ? "o0" : "h0", settings, values), 0.5);
    }
  }
});
