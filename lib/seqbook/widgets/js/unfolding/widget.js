// Draws the graph of a recurrence, folded or unfolded, and recomputes its numbers as the reader turns the knobs.
import { ABOVE, BELOW, tint } from "../kit/colours.js";
import { button, checkbox, numberField, select, slider } from "../kit/controls.js";
import { html, setAttributes, setText, svg, whenChanged } from "../kit/dom.js";
import { fixed } from "../kit/format.js";
import { translator } from "../kit/i18n.js";
import { math, svgMath } from "../kit/math.js";
import { assign, onChange } from "../kit/model.js";
import { tween } from "../kit/motion.js";
import { player } from "../kit/player.js";
import { explain, nameOf, valueOf } from "./explain.js";
import { buildGraph, cone, letterOf, PARAMETERS, sensitivities, stepOf, uses } from "./graph.js";
import { LABELS } from "./labels.js";
import { besideEdge, curve, frame, headOf, pathOf, place, pointAt, RADIUS } from "./layout.js";
import { forward } from "./recurrence.js";

const TRAITS = ["pattern", "steps", "time", "params", "x", "y", "state", "loss", "teacher", "unfolded", "focus"];
const LONGEST = 12;
const FAINT = 0.25; // opacity of what lies outside the cone
const FULL_TINT = 1.5; // a value of this size gets the full colour

// The same parameters under the names they have in code, for each pattern.
const CODE_NAMES = {
  1: { U: "weight_ih", W: "weight_hh", V: "output.weight", b: "bias", c: "output.bias" },
  2: { U: "weight_ih", W: "weight_oh", V: "output.weight", b: "bias", c: "output.bias" },
  3: { U: "rnn.weight_ih", W: "rnn.weight_hh", V: "output.weight", b: "rnn.bias", c: "output.bias" },
};

function settingsOf(model) {
  const pattern = model.get("pattern");
  const teacher = pattern === 2 && model.get("teacher");
  return {
    pattern,
    teacher,
    steps: model.get("steps"),
    loss: model.get("loss") || teacher, // a teacher's targets must be in the picture
    params: model.get("params"),
    x: model.get("x"),
    y: model.get("y"),
    state: model.get("state"),
  };
}

function symbol(id) {
  return [
    svg("tspan", { class: "sb-letter" }, id[0]),
    svg("tspan", { class: "sb-step", dy: "-0.45em" }, `(${id.slice(1)})`),
  ];
}

function build(model, root) {
  const lang = model.get("lang");
  const label = translator(LABELS, lang);
  root.lang = lang;
  root.setAttribute("aria-label", label("name"));

  // Where the reader's attention is: what the pointer is on, else the slider or node that has the keyboard, else the
  // trait `focus`, which a press sets.
  let hovered = "";
  let keyed = "";
  let unfolding = model.get("unfolded") ? 1 : 0; // between the two while it moves
  let stopTween = () => {};
  let width = 600; // of the graph's window, until it is measured
  let graph;
  let parts; // id → elements of a node, and edges' elements
  let structure = "";

  // --- Controls above the graph
  const pattern = select({
    label: label("pattern"),
    options: [1, 2, 3].map((number) => [number, label(`pattern${number}`)]),
    onInput: (value) => assign(model, { pattern: Number(value) }),
  });
  const steps = slider({
    label: label("steps"),
    min: 1,
    max: LONGEST,
    step: 1,
    format: String,
    onInput: (value) => {
      const atEnd = model.get("time") === model.get("steps");
      assign(model, { steps: value, time: atEnd ? value : Math.min(model.get("time"), value) });
    },
  });
  steps.element.classList.add("sb-steps");
  const fold = button({ label: "", onPress: () => assign(model, { unfolded: !model.get("unfolded") }) });
  const loss = checkbox({ label: label("loss"), onInput: (value) => assign(model, { loss: value }) });
  const teacher = checkbox({ label: label("teacher"), onInput: (value) => assign(model, { teacher: value }) });

  // --- The graph with the inputs under it
  const edgeLayer = svg("g");
  const nodeLayer = svg("g");
  const badgeLayer = svg("g", { class: "sb-badges" });
  const drawing = svg("svg", { role: "group", "aria-label": label("graph") }, edgeLayer, nodeLayer, badgeLayer);
  const field = (trait, t) => ({
    t,
    ...numberField({
      name: label(trait === "x" ? "input" : "target", { t }),
      min: -9,
      max: 9,
      step: 0.1,
      onInput: (value) => assign(model, { [trait]: model.get(trait).map((old, i) => (i === t - 1 ? value : old)) }),
    }),
  });
  const allSteps = Array.from({ length: LONGEST }, (_, index) => index + 1);
  const fields = { x: allSteps.map((t) => field("x", t)), y: allSteps.map((t) => field("y", t)) };
  const initial = numberField({
    name: "", // set with the pattern: h(0) or o(0)
    min: -9,
    max: 9,
    step: 0.1,
    onInput: (value) => assign(model, { state: value }),
  });
  const rows = {
    x: html("div", { class: "sb-fields", role: "group", "aria-label": label("inputs") }),
    y: html("div", { class: "sb-fields", role: "group", "aria-label": label("targets") }),
  };
  const rowNames = { x: html("span", {}, math(label("inputs"), true)), y: html("span", {}, math(label("targets"), true)) };
  for (const trait of ["x", "y"]) {
    rows[trait].append(rowNames[trait], ...fields[trait].map(({ element }) => element));
  }
  const scroller = html("div", { class: "sb-scroll" }, rows.y, html("div", { class: "sb-frame" }, drawing, initial.element), rows.x);
  const caption = html("p", { class: "sb-caption" });

  // --- Time, words, parameters, table
  const time = player({
    labels: {
      play: label("play"),
      pause: label("pause"),
      back: label("back"),
      on: label("on"),
      time: label("time"),
      format: (t) => label("timeOf", { t, T: model.get("steps") }),
    },
    get: () => [Math.min(model.get("time"), model.get("steps")), model.get("steps")],
    onTime: (value) => assign(model, { time: value }),
  });
  const words = html("div", { class: "sb-words", "aria-live": "polite" });
  const sliders = PARAMETERS.map((parameter) => {
    const note = CODE_NAMES[1][parameter];
    const control = slider({
      label: math(parameter, true),
      note,
      min: -3,
      max: 3,
      step: 0.05,
      format: (value) => fixed(value),
      onInput: (value) => assign(model, { params: { ...model.get("params"), [parameter]: value } }),
    });
    const code = control.element.querySelector(".sb-note");
    control.element.addEventListener("focusin", () => attend("keyed", parameter));
    control.element.addEventListener("focusout", () => attend("keyed", ""));
    control.element.addEventListener("pointerenter", () => attend("hovered", parameter));
    control.element.addEventListener("pointerleave", () => attend("hovered", ""));
    return { ...control, parameter, code };
  });
  const table = html("table");
  const tableBox = html("div", { class: "sb-scroll", role: "region", "aria-label": label("tableCaption"), tabindex: 0 }, table);
  const details = html("details", {}, html("summary", {}, label("table")), tableBox);
  details.addEventListener("toggle", () => draw());

  root.replaceChildren(
    html(
      "div",
      { class: "sb-stack" },
      html("div", { class: "sb-bar" }, pattern.element, steps.element, fold.element, loss.element, teacher.element),
      html("div", {}, scroller, caption),
      time.element,
      words,
      html(
        "div",
        { role: "group", "aria-label": label("parameters") },
        html("p", { class: "sb-heading" }, label("parameters")),
        html("div", { class: "sb-grid" }, ...sliders.map(({ element }) => element)),
      ),
      details,
    ),
  );

  // An unchanged text is not said again: screen readers announce what is replaced here.
  const say = whenChanged((lines) => {
    words.replaceChildren(
      ...lines.map(({ kind, text }) =>
        html("p", { class: kind === "equation" ? "sb-equation" : null }, math(text, kind === "equation")),
      ),
    );
  });

  function attend(kind, id) {
    if (kind === "keyed") keyed = id;
    else hovered = id;
    draw();
  }

  // Node to node by arrow keys: left and right in time, up and down within a step.
  function walk(event, id) {
    const moves = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
    if (event.key === "Escape") {
      assign(model, { focus: "" });
      return;
    }
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      assign(model, { focus: model.get("focus") === id ? "" : id });
      return;
    }
    if (!moves[event.key]) return;
    event.preventDefault();
    const box = frame(settingsOf(model), 0);
    const [x, y] = place(id, box, 1);
    const [across, up] = moves[event.key];
    const next = graph.nodes
      .map((node) => [node, place(node, box, 1)])
      .filter(([, [u, v]]) => (across ? v === y && (u - x) * across > 0 : u === x && (y - v) * up > 0))
      .sort(([, first], [, second]) => Math.hypot(first[0] - x, first[1] - y) - Math.hypot(second[0] - x, second[1] - y));
    if (next.length) parts.nodes.get(next[0][0]).group.focus();
  }

  function makeNode(id) {
    const group = svg(
      "g",
      { class: `sb-node sb-${letterOf(id)}`, role: "button", tabindex: -1, "data-id": id },
      svg("circle", { r: RADIUS, class: "sb-base" }),
    );
    const fill = svg("circle", { r: RADIUS });
    const value = svg("text", { y: 14, class: "sb-value" });
    group.append(fill, svg("circle", { r: RADIUS, class: "sb-rim" }), svg("text", { y: -1 }, ...symbol(id)), value);
    group.addEventListener("pointerenter", () => attend("hovered", id));
    group.addEventListener("pointerleave", () => attend("hovered", ""));
    group.addEventListener("focus", () => attend("keyed", id));
    group.addEventListener("blur", () => attend("keyed", ""));
    group.addEventListener("click", () => assign(model, { focus: model.get("focus") === id ? "" : id }));
    group.addEventListener("keydown", (event) => walk(event, id));
    const bias = svg("text", { class: "sb-bias", x: -RADIUS - 3, y: RADIUS - 2 }, letterOf(id) === "h" ? "b" : "c");
    group.append(bias);
    return { group, fill, value, bias };
  }

  function makeEdge(edge) {
    const path = svg("path");
    const reach = svg("path", { class: "sb-reach" });
    const head = svg("polygon");
    const text = edge.parameter ? svg("text", { class: "sb-parameter" }, edge.parameter) : null;
    const delay = edge.recurrent ? svg("rect", { class: "sb-delay", width: 8, height: 8 }) : null;
    const group = svg("g", { class: "sb-edge", "data-parameter": edge.parameter }, path, reach, head, delay, text);
    if (edge.parameter) {
      group.addEventListener("pointerenter", () => attend("hovered", edge.parameter));
      group.addEventListener("pointerleave", () => attend("hovered", ""));
      group.addEventListener("click", () => {
        assign(model, { focus: model.get("focus") === edge.parameter ? "" : edge.parameter });
      });
    }
    return { edge, group, path, reach, head, text, delay };
  }

  // Elements live as long as the graph's structure, so that the keyboard's place survives a change of numbers.
  function restructure(settings) {
    const key = JSON.stringify([settings.pattern, settings.steps, settings.loss, settings.teacher]);
    if (key === structure) return;
    structure = key;
    const held = nodeLayer.querySelector(":focus")?.dataset.id;
    graph = buildGraph(settings);
    parts = {
      nodes: new Map(graph.nodes.map((id) => [id, makeNode(id)])),
      edges: graph.edges.map(makeEdge),
    };
    edgeLayer.replaceChildren(...parts.edges.map(({ group }) => group));
    nodeLayer.replaceChildren(...[...parts.nodes.values()].map(({ group }) => group));
    if (held) parts.nodes.get(held)?.group.focus();
    if (!graph.nodes.includes(hovered) && !PARAMETERS.includes(hovered)) hovered = "";
  }

  function draw() {
    const settings = settingsOf(model);
    restructure(settings);
    const values = forward(settings);
    const now = Math.min(model.get("time"), settings.steps);
    const known = (id) => graph.nodes.includes(id) || PARAMETERS.includes(id);
    const focus = [hovered, keyed, model.get("focus")].find((id) => id && known(id)) ?? "";

    pattern.show(settings.pattern);
    steps.show(settings.steps);
    fold.show(label(model.get("unfolded") ? "fold" : "unfold"));
    loss.show(settings.loss);
    loss.element.hidden = settings.teacher;
    teacher.show(settings.teacher);
    teacher.element.hidden = settings.pattern !== 2;
    time.show();
    for (const { parameter, show, code, element } of sliders) {
      show(settings.params[parameter]);
      setText(code, CODE_NAMES[settings.pattern][parameter]);
      element.classList.toggle("sb-lit", focus === parameter);
    }
    setText(caption, label(model.get("unfolded") ? "unfolded" : "folded", { T: settings.steps }));
    const lines = explain(focus, { settings, graph, values, time: now, label });
    if (settings.loss && now === settings.steps) {
      lines.push({ kind: "equation", text: label("total", { value: fixed(values.total) }) });
    }
    say(lines);
    paint(settings, values, now, focus);
    follow(graph.nodes.includes(model.get("focus")) ? model.get("focus") : `h${now}`);
    if (details.open) tabulate(settings, values, now);
  }

  function paint(settings, values, now, focus) {
    const box = frame(settings, width);
    const u = unfolding;
    setAttributes(drawing, {
      viewBox: `0 0 ${box.width} ${box.height}`,
      width: box.width,
      height: box.height,
    });
    const lit = PARAMETERS.includes(focus) ? uses(graph, focus) : null;
    const inside = focus && !lit ? cone(graph, focus) : null;
    const bright = (id) => (inside ? inside.has(id) : true);
    // Folded, only the column of the current step shows; pattern 3's one output belongs to every column.
    const column = (id) => stepOf(id) === now || (settings.pattern === 3 && stepOf(id) === settings.steps && !"xh".includes(letterOf(id)));
    const presence = (id) => (column(id) ? 1 : Math.max(0, 2 * u - 1));

    const roving = graph.nodes.includes(focus) ? focus : (graph.nodes.includes(keyed) && keyed) || `h${now}`;
    for (const [id, { group, fill, value, bias }] of parts.nodes) {
      const [x, y] = place(id, box, u);
      const known = stepOf(id) <= now;
      const number = valueOf(id, settings, values);
      const shown = known ? fixed(number) : "·";
      setAttributes(group, {
        transform: `translate(${x.toFixed(2)} ${y.toFixed(2)})`,
        tabindex: id === roving ? 0 : -1,
        "aria-label": label(known ? "nodeName" : "nodeNameOpen", { id: nameOf(id), value: shown }),
        "aria-pressed": String(model.get("focus") === id),
        opacity: presence(id) * (bright(id) ? (lit && !lit.nodes.includes(id) ? 0.55 : 1) : FAINT),
        visibility: presence(id) > 0 ? null : "hidden",
      });
      group.classList.toggle("sb-later", !known);
      group.classList.toggle("sb-lit", id === focus || Boolean(lit?.nodes.includes(id)));
      setAttributes(fill, {
        fill: `rgb(${(number < 0 ? BELOW : ABOVE).join(" ")})`,
        "fill-opacity": known ? (0.62 * tint(number / FULL_TINT)).toFixed(3) : 0,
      });
      setText(value, shown);
      setAttributes(bias, { visibility: lit?.nodes.includes(id) ? null : "hidden" });
    }

    for (const { edge, group, path, reach, head, text, delay } of parts.edges) {
      const points = curve(edge, box, u);
      const line = pathOf(points);
      path.setAttribute("d", line);
      reach.setAttribute("d", line);
      head.setAttribute("points", headOf(points));
      const [x, y] = pointAt(points, 0.5);
      if (text) {
        const [across, down] = besideEdge(edge, points, u);
        setAttributes(text, { x: across.toFixed(1), y: (down + 4).toFixed(1) });
      }
      if (delay) setAttributes(delay, { x: (x - 4).toFixed(1), y: (y - 4).toFixed(1), visibility: u < 0.5 ? null : "hidden" });
      const there = presence(edge.to);
      const used = lit?.edges.includes(edge) ?? false;
      const clear = used || (inside ? inside.has(edge.to) : !lit);
      setAttributes(group, { opacity: there * (clear ? 1 : FAINT), visibility: there > 0 ? null : "hidden" });
      group.classList.toggle("sb-lit", used || Boolean(inside?.has(edge.to)));
      group.classList.toggle("sb-later", stepOf(edge.to) > now);
    }
    badges(settings, values, now, focus, inside, box);
    placeFields(settings, box, now);
  }

  // How far the focused value moves with each given one: a number and a bar, under the inputs' circles.
  function badges(settings, values, now, focus, inside, box) {
    badgeLayer.replaceChildren();
    if (!inside || unfolding < 1 || stepOf(focus) > now || !"hoL".includes(letterOf(focus)) || stepOf(focus) === 0) return;
    const slopes = sensitivities(graph, focus, settings, values);
    const given = [...slopes].filter(([id]) => letterOf(id) === "x");
    const [x0] = place("x0", box, 1);
    badgeLayer.append(svgMath({ x: x0, y: box.height + 17 }, `∂${nameOf(focus)}/∂x(t)`));
    const largest = Math.max(...given.map(([, slope]) => Math.abs(slope)), 1e-12);
    for (const [id, slope] of given) {
      const [x] = place(id, box, 1);
      const length = (2 * RADIUS * Math.abs(slope)) / largest;
      badgeLayer.append(
        svg("rect", { x: x - length / 2, y: box.height + 1, width: length, height: 4, rx: 2 }),
        svg("text", { x, y: box.height + 19 }, fixed(slope, 3)),
      );
    }
  }

  const placeColumns = whenChanged((left, spacing, whole) => {
    for (const row of Object.values(rows)) row.style.width = `${whole}px`;
    const put = (element, t) => {
      element.style.left = `${left + t * spacing}px`;
    };
    for (const element of [rowNames.x, rowNames.y]) put(element, 0);
    for (const { element, t } of [...fields.x, ...fields.y]) put(element, t);
  });

  function placeFields(settings, box, now) {
    placeColumns(box.left, box.spacing, box.width);
    const start = settings.pattern === 2 ? "o0" : "h0";
    setAttributes(initial.element, {
      style: `left: ${box.left}px; top: ${place(start, box, 1)[1] + RADIUS + 5}px`,
      "aria-label": label("initialField", { id: nameOf(start) }),
      hidden: unfolding < 1,
    });
    initial.show(settings.state);
    setAttributes(rows.y, { hidden: !settings.loss });
    for (const trait of ["x", "y"]) {
      for (const { element, show, t } of fields[trait]) {
        const speaks = trait === "x" || settings.pattern !== 3 || t === settings.steps;
        setAttributes(element, { hidden: t > settings.steps || !speaks });
        show(settings[trait][t - 1]);
        element.classList.toggle("sb-now", t === now);
      }
    }
  }

  // Keeps the step the reader is at inside a narrow window.
  let followed = "";
  function follow(id) {
    const goal = unfolding === 1 ? id : "";
    if (goal === followed) return;
    followed = goal;
    if (scroller.scrollWidth <= scroller.clientWidth) return;
    const [x] = goal ? place(goal, frame(settingsOf(model), width), 1) : [0];
    scroller.scrollTo({ left: x - scroller.clientWidth / 2, behavior: "instant" });
  }

  function tabulate(settings, values, now) {
    const t = Array.from({ length: settings.steps }, (_, index) => index + 1);
    const lines = { x: (k) => settings.x[k - 1], a: (k) => values.a[k], h: (k) => values.h[k], o: (k) => values.o[k] };
    if (settings.loss) Object.assign(lines, { y: (k) => settings.y[k - 1], L: (k) => values.loss[k] });
    const cell = (read, k) => (k > now || read(k) === null ? "" : fixed(read(k), 4));
    table.replaceChildren(
      html("caption", {}, label("tableCaption")),
      html("thead", {}, html("tr", {}, html("td"), ...t.map((k) => html("th", { scope: "col" }, math(`t = ${k}`, true))))),
      html(
        "tbody",
        {},
        ...Object.entries(lines).map(([name, read]) =>
          html("tr", {}, html("th", { scope: "row" }, math(`${name}(t)`)), ...t.map((k) => html("td", {}, cell(read, k)))),
        ),
      ),
    );
  }

  function move() {
    stopTween();
    const goal = model.get("unfolded") ? 1 : 0;
    stopTween = tween(unfolding, goal, 900, (u) => {
      unfolding = u;
      draw();
    });
  }

  const stops = [onChange(model, TRAITS.filter((trait) => trait !== "unfolded"), draw), onChange(model, ["unfolded"], move)];
  const observer = new ResizeObserver(() => {
    if (scroller.clientWidth === 0) return; // not laid out, e.g. in a hidden tab
    width = scroller.clientWidth;
    draw();
  });
  observer.observe(scroller);
  draw();
  return () => {
    stops.forEach((stop) => stop());
    observer.disconnect();
    stopTween();
    time.stop();
  };
}

function render({ model, el }) {
  const root = html("div", { class: "sb sb-unfolding", role: "group" });
  el.append(root);
  let dispose = build(model, root);
  const rebuild = () => {
    dispose();
    dispose = build(model, root);
  };
  const stop = onChange(model, ["lang"], rebuild);
  return () => {
    stop();
    dispose();
    root.remove();
  };
}

export default { render };
