import assert from "node:assert/strict";
import { test } from "node:test";

import { buildGraph } from "./graph.js";
import { besideEdge, curve, frame, headOf, neighbour, pathOf, place, pointAt, RADIUS } from "./layout.js";

const SETTINGS = { pattern: 1, steps: 4, teacher: false, loss: true };

test("unfolded nodes keep clear of one another at every length and width", () => {
  for (const available of [300, 650, 900]) {
    for (let steps = 1; steps <= 12; steps += 1) {
      const settings = { ...SETTINGS, steps };
      const box = frame(settings, available);
      const { nodes } = buildGraph(settings);
      const places = nodes.map((id) => place(id, box, 1));
      for (const [i, [x, y]] of places.entries()) {
        assert.ok(x >= RADIUS && x <= box.width - RADIUS, `${nodes[i]} at ${x} of ${box.width}`);
        assert.ok(y >= RADIUS && y <= box.height - RADIUS, `${nodes[i]} at ${y} of ${box.height}`);
        for (const [u, v] of places.slice(0, i)) assert.ok(Math.hypot(x - u, y - v) >= 2 * RADIUS + 8);
      }
    }
  }
});

test("folded, all steps lie on one column in view", () => {
  const box = frame({ ...SETTINGS, steps: 12 }, 300);
  assert.ok(box.width > 300);
  for (const t of [1, 7, 12]) assert.deepEqual(place(`h${t}`, box, 0), place("h1", box, 0));
  assert.equal(place("h1", box, 0)[0], 150);
});

test("edges touch the rim they leave and stop short of the node they enter", () => {
  for (const pattern of [1, 2]) {
    for (const teacher of [false, true]) {
      const settings = { ...SETTINGS, pattern, teacher };
      const box = frame(settings, 650);
      for (const edge of buildGraph(settings).edges) {
        for (const u of [0, 0.5, 1]) {
          const points = curve(edge, box, u);
          const distance = (point, id) => Math.hypot(point[0] - place(id, box, u)[0], point[1] - place(id, box, u)[1]);
          assert.ok(Math.abs(distance(points[0], edge.from) - RADIUS) < 1e-9);
          assert.ok(Math.abs(distance(points[3], edge.to) - RADIUS - 7) < 1e-9);
          assert.ok([pathOf(points), headOf(points)].every((text) => !/NaN|Infinity/.test(text)));
        }
      }
    }
  }
});

test("no edge's letter touches a node", () => {
  for (const [pattern, teacher] of [[1, false], [2, false], [2, true], [3, false]]) {
    for (const steps of [2, 4, 12]) {
      for (const available of [300, 650, 900]) {
        const settings = { ...SETTINGS, pattern, teacher, steps };
        const box = frame(settings, available);
        const { nodes, edges } = buildGraph(settings);
        for (const edge of edges.filter(({ parameter }) => parameter)) {
          const [x, y] = besideEdge(edge, curve(edge, box, 1), 1);
          for (const id of nodes) {
            const [u, v] = place(id, box, 1);
            // its box: 12 × 10
            const [across, down] = [Math.max(0, Math.abs(x - u) - 6), Math.max(0, Math.abs(y - v) - 5)];
            const gap = Math.hypot(across, down) - RADIUS;
            const arrow = `${edge.parameter} of ${edge.from}→${edge.to}`;
            assert.ok(gap > 1, `${arrow} is ${gap} from ${id} (T ${steps}, width ${available})`);
          }
        }
      }
    }
  }
});

test("no edge of the unfolded graph runs through a node it does not join", () => {
  for (const [pattern, teacher] of [[1, false], [2, false], [2, true], [3, false]]) {
    for (const steps of [2, 4, 12]) {
      for (const available of [300, 650, 900]) {
        const settings = { ...SETTINGS, pattern, teacher, steps };
        const box = frame(settings, available);
        const { nodes, edges } = buildGraph(settings);
        for (const edge of edges) {
          const points = curve(edge, box, 1);
          for (const id of nodes.filter((node) => node !== edge.from && node !== edge.to)) {
            for (let s = 0; s <= 1; s += 0.05) {
              const [x, y] = pointAt(points, s);
              const [u, v] = place(id, box, 1);
              const gap = Math.hypot(x - u, y - v) - RADIUS;
              assert.ok(gap > 4, `${edge.from}→${edge.to} passes ${id} at ${gap} (T ${steps}, width ${available})`);
            }
          }
        }
      }
    }
  }
});

test("arrow keys lead to the next node in time or within the step, and nowhere from the rim", () => {
  const { nodes } = buildGraph(SETTINGS);
  const box = frame(SETTINGS, 650);
  const to = (id, key) => neighbour(id, key, nodes, box);
  const keys = ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"];
  assert.deepEqual(keys.map((key) => to("h2", key)), ["h1", "h3", "o2", "x2"]);
  assert.deepEqual(keys.map((key) => to("h0", key)), [null, "h1", null, null]);
  assert.equal(to("x4", "ArrowRight"), null);
  assert.equal(to("h2", "a"), undefined);
});
