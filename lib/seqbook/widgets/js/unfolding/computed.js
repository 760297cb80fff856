// What is shown, computed from the settings, and again only where they change: not while the graph folds, nor as the
// reader points from node to node.
import { memo } from "../kit/memo.js";
import { buildGraph, sensitivities } from "./graph.js";
import { forward } from "./recurrence.js";

// `get(trait)` reads the model.
export function settingsOf(get) {
  const pattern = get("pattern");
  const teacher = pattern === 2 && get("teacher");
  return {
    pattern,
    teacher,
    steps: get("steps"),
    loss: get("loss") || teacher, // a teacher's targets must be in the picture
    params: get("params"),
    x: get("x"),
    y: get("y"),
    state: get("state"),
  };
}

// graph(settings), values(settings) and slopes(settings, id): d(id) by every node that it is computed from.
export function createComputed(by = { buildGraph, forward, sensitivities }) {
  const structure = memo(by.buildGraph);
  const graph = ({ pattern, steps, teacher, loss }) => structure({ pattern, steps, teacher, loss });
  const values = memo(by.forward);
  const slopes = memo((settings, id) => by.sensitivities(graph(settings), id, settings, values(settings)));
  return { graph, values, slopes };
}
