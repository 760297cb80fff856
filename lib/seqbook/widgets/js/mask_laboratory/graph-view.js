// What the chosen position is computed from, through the blocks, and under each token how strongly its answer's loss
// depends on it.
import { svg, setAttributes, setText, whenChanged } from "../kit/dom.js";
import { svgMath } from "../kit/math.js";
import { BARS, columnAt, coneEdges, coneNodes, HEIGHT, rowAt, TOKENS } from "./layout.js";
import { visible } from "./reading.js";

const KINDS = ["own", "past", "future"];

export function graphView({ label }) {
  const paths = Object.fromEntries(KINDS.map((kind) => [kind, svg("path", { class: `sb-edge sb-${kind}` })]));
  const [nodes, names] = [svg("g"), svg("g")];
  const element = svg("svg", { class: "sb-graph", role: "img" }, ...KINDS.map((kind) => paths[kind]), nodes, names);
  let columns = [];

  const restructure = whenChanged((T, layers) => {
    columns = Array.from({ length: T }, () => {
      const circles = Array.from({ length: layers }, () => svg("circle", { r: 4.5 }));
      const [letter, box, bar] = [svg("text", { class: "sb-letter-of" }), svg("rect", { rx: 4 }), svg("rect")];
      return { circles, letter, box, bar, group: svg("g", {}, ...circles, box, letter, bar) };
    });
    nodes.replaceChildren(...columns.map(({ group }) => group));
    const blocks = Array.from({ length: layers }, (_, n) => [rowAt(n + 1, layers), label("afterBlock", { n: n + 1 })]);
    const rows = [...blocks, [TOKENS, label("tokens")], [BARS.from + 14, label("gradient")]];
    names.replaceChildren(...rows.map(([y, text]) => svgMath({ class: "sb-name", y: y + 4 }, text)));
  });

  // `scene` is the study's, with `layers`, and `width` and `cell` in pixels.
  function draw(scene) {
    const { T, pads, t: time, mask, layers, letters, gradient, cell, width } = scene;
    const now = pads + time - 1;
    restructure(T, layers);
    setAttributes(element, { width, height: HEIGHT, viewBox: `0 0 ${width} ${HEIGHT}`, "aria-label": label("graph") });
    for (const text of names.children) setAttributes(text, { x: columnAt(T, cell) - cell / 2 + 8 });
    const edges = coneEdges(mask, layers, now);
    for (const kind of KINDS) {
      const lines = edges.filter((edge) => edge[3] === kind).map(([layer, from, to]) =>
        `M${columnAt(from, cell)} ${rowAt(layer - 1, layers)}L${columnAt(to, cell)} ${rowAt(layer, layers)}`);
      setAttributes(paths[kind], { d: lines.join("") || null });
    }
    const inside = new Set(coneNodes(edges, layers, now).map(String));
    const most = Math.max(...gradient, 1e-300);
    columns.forEach(({ circles, letter, box, bar }, s) => {
      const x = columnAt(s, cell);
      const ahead = s > now;
      circles.forEach((circle, n) => {
        setAttributes(circle, {
          cx: x, cy: rowAt(n + 1, layers),
          class: marks("sb-node", { inside: inside.has(`${n + 1},${s}`), ahead, now: n + 1 === layers && s === now }),
        });
      });
      const known = inside.has(`0,${s}`);
      const mark = { inside: known, ahead, padding: s < pads, target: s === now + 1 };
      const side = Math.min(cell - 1, 20);
      setAttributes(box, { class: marks("sb-token", mark), x: x - side / 2, y: TOKENS - 11, width: side, height: 22 });
      setAttributes(letter, { x, y: TOKENS + 5, class: marks("sb-letter-of", mark) });
      setText(letter, s < pads ? "□" : visible(letters[s - pads]));
      const height = gradient[s] === 0 ? 0 : Math.max(1, (BARS.height * gradient[s]) / most);
      const place = { x: x - (cell - 3) / 2, y: BARS.from, width: cell - 3, height };
      setAttributes(bar, { class: marks("sb-bar-of", mark), ...place });
    });
  }
  return { element, draw };
}

const marks = (name, on) => [name, ...Object.keys(on).filter((key) => on[key]).map((key) => `sb-${key}`)].join(" ");
