// The computational graph of the three patterns: which node feeds which, through which parameter.
// A node's id is its letter and its step: "x3", "h0", "o4", "L4", "y4".

export const LETTERS = ["x", "h", "o", "L", "y"]; // bottom to top
export const PARAMETERS = ["U", "W", "V", "b", "c"];

export const letterOf = (id) => id[0];
export const stepOf = (id) => Number(id.slice(1));

// settings: { pattern, steps, teacher, loss }. Edges carry the parameter they multiply by, or null.
export function buildGraph({ pattern, steps, teacher, loss }) {
  const nodes = [pattern === 2 ? "o0" : "h0"];
  const edges = [];
  for (let t = 1; t <= steps; t += 1) {
    const speaks = pattern !== 3 || t === steps;
    nodes.push(`x${t}`, `h${t}`);
    edges.push({ from: `x${t}`, to: `h${t}`, parameter: "U" });
    const source = pattern === 2 ? (teacher && t > 1 ? `y${t - 1}` : `o${t - 1}`) : `h${t - 1}`;
    edges.push({ from: source, to: `h${t}`, parameter: "W", recurrent: true });
    if (speaks) {
      nodes.push(`o${t}`);
      edges.push({ from: `h${t}`, to: `o${t}`, parameter: "V" });
    }
    if (speaks && loss) {
      nodes.push(`L${t}`, `y${t}`);
      edges.push({ from: `o${t}`, to: `L${t}`, parameter: null }, { from: `y${t}`, to: `L${t}`, parameter: null });
    }
  }
  return { nodes, edges };
}

// Every node that `id` is computed from, itself included.
export function cone({ edges }, id) {
  const reached = new Set([id]);
  const open = [id];
  while (open.length) {
    const node = open.pop();
    for (const { from, to } of edges) {
      if (to === node && !reached.has(from)) {
        reached.add(from);
        open.push(from);
      }
    }
  }
  return reached;
}

// The nodes and edges at which `parameter` is used: edges for weights, nodes for biases.
export function uses({ nodes, edges }, parameter) {
  const biased = { b: "h", c: "o" }[parameter];
  return {
    edges: edges.filter((edge) => edge.parameter === parameter),
    nodes: nodes.filter((id) => letterOf(id) === biased && stepOf(id) > 0),
  };
}

// d(to) / d(from) along one edge.
function slope({ from, to, parameter }, { U, W, V }, { h, o }, y) {
  const t = stepOf(to);
  if (letterOf(to) === "h") return (parameter === "U" ? U : W) * (1 - h[t] ** 2);
  if (letterOf(to) === "o") return V;
  const residual = 2 * (o[t] - y[t - 1]);
  return letterOf(from) === "o" ? residual : -residual;
}

// Map from each node of the cone to d(id) / d(node): the chain rule, backward through the edges.
export function sensitivities(graph, id, { params, y }, values) {
  const inside = cone(graph, id);
  const gradient = new Map([[id, 1]]);
  // Edges are listed forward in time and, within a step, upward: backward is the reverse order.
  for (const edge of [...graph.edges].reverse()) {
    if (!inside.has(edge.to)) continue;
    const flow = gradient.get(edge.to) * slope(edge, params, values, y);
    gradient.set(edge.from, (gradient.get(edge.from) ?? 0) + flow);
  }
  return gradient;
}
