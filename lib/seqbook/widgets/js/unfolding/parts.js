// The graph's elements, a group for every node and edge, with what pointer and keyboard do to them.
import { svg } from "../kit/dom.js";
import { letterOf } from "./graph.js";
import { RADIUS } from "./layout.js";

function symbol(id) {
  return [
    svg("tspan", { class: "sb-letter" }, id[0]),
    svg("tspan", { class: "sb-step", dy: "-0.45em" }, `(${id.slice(1)})`),
  ];
}

// `attend(kind, id)`: pointer or keyboard came to the node, or with "" left it; `press(id)`; `key(event, id)`.
export function nodePart(id, { attend, press, key }) {
  const group = svg(
    "g",
    { class: `sb-node sb-${letterOf(id)}`, role: "button", tabindex: -1, "data-id": id },
    svg("circle", { r: RADIUS, class: "sb-base" }),
  );
  const fill = svg("circle", { r: RADIUS });
  const value = svg("text", { y: 14, class: "sb-value" });
  const bias = svg("text", { class: "sb-bias", x: -RADIUS - 3, y: RADIUS - 2 }, letterOf(id) === "h" ? "b" : "c");
  group.append(fill, svg("circle", { r: RADIUS, class: "sb-rim" }), svg("text", { y: -1 }, ...symbol(id)), value, bias);
  group.addEventListener("pointerenter", () => attend("hovered", id));
  group.addEventListener("pointerleave", () => attend("hovered", ""));
  group.addEventListener("focus", () => attend("keyed", id));
  group.addEventListener("blur", () => attend("keyed", ""));
  group.addEventListener("click", () => press(id));
  group.addEventListener("keydown", (event) => key(event, id));
  return { group, fill, value, bias };
}

export function edgePart(edge, { attend, press }) {
  const path = svg("path");
  const reach = svg("path", { class: "sb-reach" });
  const head = svg("polygon");
  const text = edge.parameter ? svg("text", { class: "sb-parameter" }, edge.parameter) : null;
  const delay = edge.recurrent ? svg("rect", { class: "sb-delay", width: 8, height: 8 }) : null;
  const group = svg("g", { class: "sb-edge", "data-parameter": edge.parameter }, path, reach, head, delay, text);
  if (edge.parameter) {
    group.addEventListener("pointerenter", () => attend("hovered", edge.parameter));
    group.addEventListener("pointerleave", () => attend("hovered", ""));
    group.addEventListener("click", () => press(edge.parameter));
  }
  return { edge, group, path, reach, head, text, delay };
}
