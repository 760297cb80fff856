// What the widget says about a node or a parameter: the equation, the same with numbers, and what it depends on.
import { fixed } from "../kit/format.js";
import { cone, letterOf, PARAMETERS, stepOf, uses } from "./graph.js";

export const nameOf = (id) => `${id[0]}(${id.slice(1)})`;

// The number a node shows, or null where there is none.
export function valueOf(id, { x, y, state }, values) {
  const t = stepOf(id);
  if (t === 0) return state;
  const read = {
    x: () => x[t - 1], h: () => values.h[t], o: () => values.o[t], L: () => values.loss[t], y: () => y[t - 1],
  };
  return read[letterOf(id)]();
}

// A factor or summand: negative numbers stand in brackets.
const number = (value) => (value < 0 ? `(${fixed(value)})` : fixed(value));

// The node's equation in symbols, then in numbers.
export function equations(id, settings, values) {
  const { pattern, teacher, params: { U, W, V, b, c }, x, y } = settings;
  const t = stepOf(id);
  const name = nameOf(id);
  if (letterOf(id) === "h") {
    const source = pattern === 2 ? (teacher && t > 1 ? `y${t - 1}` : `o${t - 1}`) : `h${t - 1}`;
    const fed = valueOf(source, settings, values);
    const terms = `${fixed(b)} + ${number(W)} × ${number(fed)} + ${number(U)} × ${number(x[t - 1])}`;
    return [
      `a(${t}) = b + W ${nameOf(source)} + U x(${t}) = ${terms} = ${fixed(values.a[t])}`,
      `${name} = tanh(a(${t})) = tanh(${fixed(values.a[t])}) = ${fixed(values.h[t])}`,
    ];
  }
  if (letterOf(id) === "o") {
    const terms = `${fixed(c)} + ${number(V)} × ${number(values.h[t])}`;
    return [`${name} = c + V h(${t}) = ${terms} = ${fixed(values.o[t])}`];
  }
  const terms = `(${fixed(values.o[t])} − ${number(y[t - 1])})²`;
  return [`${name} = (o(${t}) − y(${t}))² = ${terms} = ${fixed(values.loss[t])}`];
}

// Given values that `id` depends on, in reading order: initial state, inputs, targets.
export function sources(graph, id) {
  const inside = cone(graph, id);
  const given = [...inside].filter((node) => !graph.edges.some(({ to }) => to === node));
  const rank = (node) => (stepOf(node) === 0 ? -1 : letterOf(node) === "x" ? stepOf(node) : 100 + stepOf(node));
  return given.sort((first, second) => rank(first) - rank(second));
}

// "x(1), x(2), x(3)" stays a list of three; longer runs become "x(1) … x(5)".
export function listOf(ids) {
  const runs = [];
  for (const id of ids) {
    const run = runs.at(-1);
    if (run && letterOf(run[0]) === letterOf(id) && stepOf(run.at(-1)) === stepOf(id) - 1) run.push(id);
    else runs.push([id]);
  }
  return runs
    .flatMap((run) => (run.length > 3 ? [`${nameOf(run[0])} … ${nameOf(run.at(-1))}`] : run.map(nameOf)))
    .join(", ");
}

// Parameters that take part in computing `id`.
function parametersOf(graph, id) {
  const inside = cone(graph, id);
  const used = PARAMETERS.filter((parameter) => {
    const { nodes, edges } = uses(graph, parameter);
    return nodes.some((node) => inside.has(node)) || edges.some(({ to }) => inside.has(to));
  });
  return used.join(", ");
}

// Lines of the panel: { kind: "equation" | "sentence", text }. `slopes(id)` gives graph.js's sensitivities of a node,
// `label` is a translator.
export function explain(focus, { settings, graph, values, slopes, time, label }) {
  const sentence = (text) => ({ kind: "sentence", text });
  if (!focus) return [sentence(label("hint"))];
  if (PARAMETERS.includes(focus)) {
    const { nodes, edges } = uses(graph, focus);
    const count = nodes.length + edges.length;
    return [
      { kind: "equation", text: `${focus} = ${fixed(settings.params[focus])}` },
      sentence(label("usesWords", { parameter: focus, count })),
    ];
  }
  const id = nameOf(focus);
  if (stepOf(focus) > time) return [sentence(label("notYet", { id }))];
  if (!graph.edges.some(({ to }) => to === focus)) {
    const words = stepOf(focus) === 0 ? "initialWords" : letterOf(focus) === "x" ? "inputWords" : "targetWords";
    const text = `${id} = ${fixed(valueOf(focus, settings, values))}`;
    return [{ kind: "equation", text }, sentence(label(words, { id }))];
  }
  const given = sources(graph, focus);
  const slope = slopes(focus);
  const moved = given.map((node) => `${nameOf(node)} → ${fixed(slope.get(node), 3)}`).join(", ");
  return [
    ...equations(focus, settings, values).map((text) => ({ kind: "equation", text })),
    sentence(label("sources", { id, list: listOf(given), parameters: parametersOf(graph, focus) })),
    sentence(label("slopes", { id, list: moved })),
  ];
}
