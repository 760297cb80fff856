// The drawing of the graph: its nodes, edges, and how far a node moves with each input.
import { ABOVE, BELOW, tint } from "../kit/colours.js";
import { setAttributes, svg, whenChanged } from "../kit/dom.js";
import { fixed } from "../kit/format.js";
import { svgMath } from "../kit/math.js";
import { nameOf, valueOf } from "./explain.js";
import { cone, letterOf, PARAMETERS, stepOf, uses } from "./graph.js";
import { besideEdge, curve, headOf, neighbour, pathOf, place, pointAt, RADIUS } from "./layout.js";
import { edgePart, nodePart } from "./parts.js";

const FAINT = 0.25; // opacity of what lies outside the cone
const FULL_TINT = 1.5; // a value of this size gets the full colour

// `attend(kind, id)`: pointer or keyboard came to a node or a parameter, or with "" left it; `press(id)`; `release()`.
export function graphView({ label, attend, press, release }) {
  const edgeLayer = svg("g");
  const nodeLayer = svg("g");
  const badgeLayer = svg("g", { class: "sb-badges" });
  const element = svg("svg", { role: "group", "aria-label": label("graph") }, edgeLayer, nodeLayer, badgeLayer);
  let parts = { nodes: new Map(), edges: [] }; // nodes by id
  let scene = null; // what was painted last

  // Node to node by arrow keys: left and right in time, up and down within a step.
  function key(event, id) {
    if (event.key === "Escape") return release();
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      return press(id);
    }
    const next = neighbour(id, event.key, scene.graph.nodes, scene.box);
    if (next === undefined) return undefined;
    event.preventDefault();
    return next === null ? undefined : parts.nodes.get(next).group.focus();
  }

  // Elements live as long as the graph's structure, so that the keyboard's place survives a change of numbers.
  const restructure = (graph) => {
    if (graph === scene?.graph) return;
    const held = nodeLayer.querySelector(":focus")?.dataset.id;
    parts = {
      nodes: new Map(graph.nodes.map((id) => [id, nodePart(id, { attend, press, key })])),
      edges: graph.edges.map((edge) => edgePart(edge, { attend, press })),
    };
    edgeLayer.replaceChildren(...parts.edges.map(({ group }) => group));
    nodeLayer.replaceChildren(...[...parts.nodes.values()].map(({ group }) => group));
    parts.nodes.get(held)?.group.focus();
  };

  // `next` = { settings, graph, values, box, now, focus, pinned, keyed, unfolding, slopes }: layout.js's frame, the
  // step reached, the node or parameter in focus, the one a press holds, the one that has the keyboard, how far the
  // graph is unfolded (0 … 1), and what gives the focused node's slopes.
  function draw(next) {
    restructure(next.graph);
    scene = next;
    const { graph, box, focus } = scene;
    setAttributes(element, { viewBox: `0 0 ${box.width} ${box.height}`, width: box.width, height: box.height });
    const lit = PARAMETERS.includes(focus) ? uses(graph, focus) : null;
    const inside = focus && !lit ? cone(graph, focus) : null;
    drawNodes(lit, inside);
    drawEdges(lit, inside);
    drawSlopes(inside);
  }

  // Folded, only the column of the current step shows; pattern 3's one output belongs to every column.
  function presence(id) {
    const { settings, now, unfolding } = scene;
    const common = settings.pattern === 3 && stepOf(id) === settings.steps && !"xh".includes(letterOf(id));
    return common || stepOf(id) === now ? 1 : Math.max(0, 2 * unfolding - 1);
  }

  function drawNodes(lit, inside) {
    const { settings, graph, values, box, now, focus, pinned, keyed, unfolding } = scene;
    const roving = [focus, keyed].find((id) => graph.nodes.includes(id)) ?? `h${now}`;
    for (const [id, { group, fill, value, bias }] of parts.nodes) {
      const [x, y] = place(id, box, unfolding);
      const known = stepOf(id) <= now;
      const number = valueOf(id, settings, values);
      const shown = known ? fixed(number) : "·";
      const uses = Boolean(lit?.nodes.includes(id));
      const clear = inside && !inside.has(id) ? FAINT : lit && !uses ? 0.55 : 1;
      setAttributes(group, {
        transform: `translate(${x.toFixed(2)} ${y.toFixed(2)})`,
        tabindex: id === roving ? 0 : -1,
        "aria-label": label(known ? "nodeName" : "nodeNameOpen", { id: nameOf(id), value: shown }),
        "aria-pressed": String(pinned === id),
        opacity: presence(id) * clear,
        visibility: presence(id) > 0 ? null : "hidden",
      });
      group.classList.toggle("sb-later", !known);
      group.classList.toggle("sb-lit", id === focus || uses);
      setAttributes(fill, {
        fill: `rgb(${(number < 0 ? BELOW : ABOVE).join(" ")})`,
        "fill-opacity": known ? (0.62 * tint(number / FULL_TINT)).toFixed(3) : 0,
      });
      value.textContent = shown;
      setAttributes(bias, { visibility: uses ? null : "hidden" });
    }
  }

  function drawEdges(lit, inside) {
    const { box, now, unfolding } = scene;
    for (const { edge, group, path, reach, head, text, delay } of parts.edges) {
      const points = curve(edge, box, unfolding);
      const line = pathOf(points);
      setAttributes(path, { d: line });
      setAttributes(reach, { d: line });
      setAttributes(head, { points: headOf(points) });
      if (text) {
        const [across, down] = besideEdge(edge, points, unfolding);
        setAttributes(text, { x: across.toFixed(1), y: (down + 4).toFixed(1) });
      }
      if (delay) {
        const [x, y] = pointAt(points, 0.5).map((place) => (place - 4).toFixed(1));
        setAttributes(delay, { x, y, visibility: unfolding < 0.5 ? null : "hidden" });
      }
      const there = presence(edge.to);
      const used = lit?.edges.includes(edge) ?? false;
      const clear = used || (inside ? inside.has(edge.to) : !lit);
      setAttributes(group, { opacity: there * (clear ? 1 : FAINT), visibility: there > 0 ? null : "hidden" });
      group.classList.toggle("sb-lit", used || Boolean(inside?.has(edge.to)));
      group.classList.toggle("sb-later", stepOf(edge.to) > now);
    }
  }

  // How far the focused value moves with each given one: a number and a bar, under the inputs' circles.
  function drawSlopes(inside) {
    const { box, now, focus, unfolding, slopes } = scene;
    const computed = inside && "hoL".includes(letterOf(focus)) && stepOf(focus) > 0 && stepOf(focus) <= now;
    if (!computed || unfolding < 1) {
      badgeLayer.replaceChildren();
      return;
    }
    const given = [...slopes(focus)].filter(([id]) => letterOf(id) === "x");
    const largest = Math.max(...given.map(([, slope]) => Math.abs(slope)), 1e-12);
    const badge = ([id, slope]) => {
      const [x] = place(id, box, 1);
      const length = (2 * RADIUS * Math.abs(slope)) / largest;
      return [
        svg("rect", { x: x - length / 2, y: box.height + 1, width: length, height: 4, rx: 2 }),
        svg("text", { x, y: box.height + 19 }, fixed(slope, 3)),
      ];
    };
    const [x0] = place("x0", box, 1);
    const name = svgMath({ x: x0, y: box.height + 17 }, `∂${nameOf(focus)}/∂x(t)`);
    badgeLayer.replaceChildren(name, ...given.flatMap(badge));
  }
  return { element, draw };
}
