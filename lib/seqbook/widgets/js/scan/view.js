// The drawing of the scan, a circle for each operation and a line for what is carried on, and that of the loop.
import { setAttributes, svg } from "../kit/dom.js";
import { across, down, RADIUS, short, TOP, writtenBefore } from "./layout.js";

const node = (x, y, text, kind) =>
  svg(
    "g",
    { class: `sb-node ${kind}`, transform: `translate(${x} ${y})` },
    svg("circle", { r: RADIUS }),
    svg("text", { "text-anchor": "middle", y: 4 }, text),
  );
const line = (x1, y1, x2, y2, kind) => svg("line", { x1, y1, x2, y2, class: `sb-edge ${kind}` });

// The kind of what a place holds: later than the round shown, a result, or a part of one; and on the followed way.
const kindOf = ({ first }, later, followed) =>
  [later ? "sb-later" : first === 1 ? "sb-result" : "sb-part", followed ? "sb-way" : ""].join(" ");

// `choose(t)` follows the result t (from 1).
export function scanView({ label, choose }) {
  const layer = svg("g");
  const element = svg("svg", { tabindex: 0, role: "img" }, layer);
  let shown = null;
  element.addEventListener("keydown", (event) => {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!by || !shown) return;
    event.preventDefault();
    choose(Math.min(shown.steps, Math.max(1, shown.target + by)));
  });
  element.addEventListener("click", (event) => {
    if (!shown) return;
    const place = Math.floor((event.clientX - element.getBoundingClientRect().left) / shown.box.spacing);
    choose(Math.min(shown.steps, Math.max(1, place + 1)));
  });

  // `scene` = { box, study, time, target, steps }.
  function draw(scene) {
    shown = scene;
    const { box, study, time, target, steps } = scene;
    const { rounds, rows, way, inputs } = study;
    setAttributes(element, { viewBox: `0 0 ${box.width} ${box.height}`, width: box.width, height: box.height });
    setAttributes(element, { "aria-label": label("graph") });
    const [lines, nodes] = [[], []];
    for (let place = 0; place < steps; place += 1) {
      const x = across(place, box);
      lines.push(line(x, down(0), x, down(rounds.length), place === target - 1 ? "sb-column" : "sb-wire"));
      nodes.push(node(x, down(0), short(rows[0][place].u), kindOf(rows[0][place], false, inputs.has(place))));
    }
    rounds.forEach((round, index) => {
      const number = index + 1;
      for (const { source, place } of round) {
        const later = number > time;
        const followed = way.has(`${number},${place}`);
        const kind = `${later ? "sb-later" : ""} ${followed ? "sb-way" : ""}`;
        for (const from of [source, place]) {
          const [x1, y1] = [across(from, box), down(writtenBefore(rounds, from, number))];
          if (from !== place) lines.push(line(x1, down(number - 1), across(place, box), down(number), kind));
          if (followed) lines.push(line(x1, y1, x1, down(from === place ? number : number - 1), kind));
        }
        const held = rows[number][place];
        nodes.push(node(across(place, box), down(number), later ? "·" : short(held.u), kindOf(held, later, followed)));
      }
    });
    layer.replaceChildren(...lines, ...nodes);
  }
  return { element, draw };
}

export function loopView({ label }) {
  const layer = svg("g");
  const element = svg("svg", { role: "img" }, layer);

  function draw({ box, study, time, steps }) {
    const height = TOP + RADIUS + 8;
    setAttributes(element, { viewBox: `0 0 ${box.width} ${height}`, width: box.width, height });
    setAttributes(element, { "aria-label": label("loopGraph") });
    const parts = study.results.flatMap((value, place) => {
      const [later, x] = [place > time, across(place, box)];
      const kind = kindOf({ first: 1 }, later, false);
      const circle = node(x, TOP, later ? "·" : short(value), kind);
      if (place === 0) return [circle];
      return [line(across(place - 1, box) + RADIUS, TOP, x - RADIUS, TOP, later ? "sb-later" : ""), circle];
    });
    layer.replaceChildren(...parts.slice(0, 2 * steps));
  }
  return { element, draw };
}
