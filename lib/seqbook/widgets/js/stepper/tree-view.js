// The drawing of the beam's tree: nodes one can press or walk through by keyboard.
import { setAttributes, svg, whenChanged } from "../kit/dom.js";
import { clamp } from "../kit/scale.js";
import { fixed } from "../kit/format.js";
import { neighbour } from "./tree.js";

const RADIUS = 11;
const ROW = 29;
const TOP = 16;

// `press(key)` opens the node of these tokens.
export function treeView({ label, network, press }) {
  const edges = svg("g");
  const dots = svg("g");
  const element = svg("svg", { role: "group", "aria-label": label("tree") }, edges, dots);
  let parts = new Map(); // groups by key
  let scene = { nodes: [] };

  const named = ({ key, sequence, row, kind }) => {
    if (key === "") return label("root");
    const place = kind.forced ? label("placeForced") : kind.outside ? label("placeOutside") : label("placeRank", { rank: row + 1 });
    const notes = [place, kind.best ? label("isBest") : null, kind.greedy && !kind.outside ? label("isGreedy") : null];
    const log = fixed(sequence.logProb, 3);
    return label("node", { text: key, log, place: notes.filter(Boolean).join(", ") });
  };

  function make(key) {
    const group = svg(
      "g", { class: "sb-node", role: "button", "data-key": key },
      svg("circle", { class: "sb-reach", r: 15 }),
      svg("circle", { class: "sb-base", r: RADIUS }),
      svg("circle", { class: "sb-rim", r: RADIUS }),
      svg("circle", { class: "sb-greedy", r: RADIUS + 3 }),
      svg("text", { y: 4.5 }),
    );
    group.addEventListener("click", () => press(key));
    group.addEventListener("keydown", (event) => {
      if (event.key === "Enter" || event.key === " ") {
        event.preventDefault();
        return press(key);
      }
      const next = neighbour(scene.nodes, scene.nodes.find((node) => node.key === key), event.key);
      if (next === undefined) return undefined;
      event.preventDefault();
      if (next) {
        for (const [name, each] of parts) setAttributes(each, { tabindex: name === next.key ? 0 : -1 });
        parts.get(next.key).focus();
      }
      return undefined;
    });
    return group;
  }

  // Elements live as long as their node, so that the keyboard's place survives a change of numbers.
  function keep(nodes) {
    const keys = new Set(nodes.map(({ key }) => key));
    for (const [key, group] of parts) {
      if (!keys.has(key)) {
        group.remove();
        parts.delete(key);
      }
    }
    for (const { key } of nodes) {
      if (parts.has(key)) continue;
      parts.set(key, make(key));
      dots.append(parts.get(key));
    }
  }

  const size = whenChanged((width, height) => setAttributes(element, { width, height, viewBox: `0 0 ${width} ${height}` }));

  // `nodes` of treeOf, the `room` of roomOf, the `opened` node's key, the `width` there is.
  function draw({ nodes, room, opened, width }) {
    scene = { nodes };
    const column = clamp((width - 2 * RADIUS - 10) / Math.max(1, room.columns - 1), 28, 58);
    const x = ({ depth }) => RADIUS + 5 + depth * column;
    const y = ({ row }) => TOP + row * ROW;
    size((room.columns - 1) * column + 2 * RADIUS + 10, room.rows * ROW + 6);
    keep(nodes);
    const byKey = new Map(nodes.map((node) => [node.key, node]));
    edges.replaceChildren(
      ...nodes.filter(({ parent }) => parent !== null).map((node) => {
        const from = byKey.get(node.parent);
        const [x0, y0, x1, y1] = [x(from) + RADIUS, y(from), x(node) - RADIUS, y(node)];
        const middle = (x0 + x1) / 2;
        return svg("path", { class: `sb-edge ${kindOf(node)}`, d: `M${x0} ${y0}C${middle} ${y0} ${middle} ${y1} ${x1} ${y1}` });
      }),
    );
    const roving = dots.contains(document.activeElement) ? document.activeElement.dataset.key : opened;
    const focusable = byKey.has(roving) ? roving : nodes.at(0).key;
    for (const node of nodes) {
      const group = parts.get(node.key);
      setAttributes(group, {
        class: `sb-node ${kindOf(node)}`,
        transform: `translate(${x(node).toFixed(1)} ${y(node)})`,
        tabindex: node.key === focusable ? 0 : -1,
        "aria-label": named(node),
        "aria-pressed": String(node.key === opened),
      });
      group.lastChild.textContent = node.sign;
    }
  }
  return { element, draw };
}

const kindOf = ({ kind }) =>
  ["best", "greedy", "held", "outside", "forced"].filter((name) => kind[name]).map((name) => `sb-is-${name}`).join(" ");
