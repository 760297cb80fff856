// The drawing of the beam's tree: nodes one can press or walk through by keyboard.
import { setAttributes, svg, whenChanged } from "../kit/dom.js";
import { fixed } from "../kit/format.js";
import { clamp } from "../kit/scale.js";
import { brief } from "./describe.js";
import { neighbour } from "./tree.js";

const RADIUS = 11;
const ROW = 29;
const TOP = 16;

// `press(node)` is called for a node of treeOf.
export function treeView({ label, press }) {
  const edges = svg("g");
  const dots = svg("g");
  const element = svg("svg", { role: "group", "aria-label": label("tree") }, edges, dots);
  const parts = new Map(); // groups by key
  let nodes = new Map(); // by key

  function named({ key, logProb, row, kind }) {
    if (key === "") return label("root");
    const place = kind.forced ? "placeForced" : kind.leaf ? "placeLeaf" : kind.outside ? "placeOutside" : "placeRank";
    const notes = [label(place, { rank: row + 1 })];
    if (kind.best) notes.push(label("isBest"));
    if (kind.greedy && !kind.outside) notes.push(label("isGreedy"));
    return label("node", { text: key, log: fixed(logProb, 3), place: notes.join(", ") });
  }

  function make(key) {
    const group = svg(
      "g", { class: "sb-node", role: "button", "data-key": key },
      svg("circle", { class: "sb-reach", r: 15 }),
      svg("circle", { class: "sb-base", r: RADIUS }),
      svg("circle", { class: "sb-rim", r: RADIUS }),
      svg("circle", { class: "sb-greedy", r: RADIUS + 3 }),
      svg("text", { class: "sb-sign", y: 4.5 }),
      svg("text", { class: "sb-p", x: RADIUS + 4, y: 4 }),
    );
    group.addEventListener("click", () => press(nodes.get(key)));
    group.addEventListener("keydown", (event) => {
      const pressed = event.key === "Enter" || event.key === " ";
      const next = pressed ? null : neighbour([...nodes.values()], nodes.get(key), event.key);
      if (next === undefined) return;
      event.preventDefault();
      if (pressed) press(nodes.get(key));
      else if (next) walkTo(next.key);
    });
    return group;
  }

  function walkTo(key) {
    for (const [name, group] of parts) setAttributes(group, { tabindex: name === key ? 0 : -1 });
    parts.get(key).focus();
  }

  // Elements live as long as their node, so that the keyboard's place survives a change of numbers.
  function keep() {
    for (const [key, group] of parts) {
      if (nodes.has(key)) continue;
      group.remove();
      parts.delete(key);
    }
    for (const key of nodes.keys()) {
      if (parts.has(key)) continue;
      parts.set(key, make(key));
      dots.append(parts.get(key));
    }
  }

  const size = whenChanged((width, height) =>
    setAttributes(element, { width, height, viewBox: `0 0 ${width} ${height}` }));

  // `drawn` are nodes of treeOf, `room` is that of roomOf, `opened` the opened node's key, `width` what there is.
  function draw({ drawn, room, opened, width }) {
    const held = document.activeElement?.closest?.(".sb-node");
    nodes = new Map(drawn.map((node) => [node.key, node]));
    const column = clamp((width - 2 * RADIUS - 10) / Math.max(1, room.columns - 1), 28, 58);
    const place = ({ depth, row }) => [RADIUS + 5 + depth * column, TOP + row * ROW];
    const rows = Math.max(room.rows, ...drawn.map(({ row }) => row + 1));
    const columns = Math.max(room.columns, ...drawn.map(({ depth, kind }) => depth + (kind.leaf ? 2 : 1)));
    size((columns - 1) * column + 2 * RADIUS + 10, rows * ROW + 6);
    keep();
    edges.replaceChildren(...drawn.filter(({ parent }) => parent !== null).map((node) => {
      const [[x0, y0], [x1, y1]] = [place(nodes.get(node.parent)), place(node)];
      const [from, to, middle] = [x0 + RADIUS, x1 - RADIUS, (x0 + x1) / 2];
      const d = `M${from} ${y0}C${middle} ${y0} ${middle} ${y1} ${to} ${y1}`;
      return svg("path", { class: `sb-edge ${classes(node)}`, d });
    }));
    const wanted = held && dots.contains(held) ? held.dataset.key : opened;
    const roving = nodes.has(wanted) ? wanted : drawn[0].key;
    for (const node of drawn) {
      const [x, y] = place(node);
      const group = parts.get(node.key);
      setAttributes(group, {
        class: `sb-node ${classes(node)}`,
        transform: `translate(${x.toFixed(1)} ${y})`,
        tabindex: node.key === roving ? 0 : -1,
        "aria-label": named(node),
        "aria-pressed": node.kind.leaf ? null : String(node.key === opened),
      });
      const [sign, probability] = group.querySelectorAll("text");
      sign.textContent = node.sign;
      const share = node.kind.leaf ? brief(Math.exp(node.logProb - nodes.get(node.parent).logProb)) : "";
      probability.textContent = share;
    }
  }
  return { element, draw };
}

const classes = ({ kind }) =>
  Object.keys(kind).filter((name) => kind[name]).map((name) => `sb-is-${name}`).join(" ");
