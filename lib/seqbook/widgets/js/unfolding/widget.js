// Draws the graph of a recurrence, folded or unfolded, and recomputes its numbers as the reader turns the knobs.
import { html, setText } from "../kit/dom.js";
import { fixed } from "../kit/format.js";
import { assign } from "../kit/model.js";
import { tween } from "../kit/motion.js";
import { player } from "../kit/player.js";
import { widget } from "../kit/widget.js";
import { words } from "../kit/words.js";
import { createComputed, settingsOf } from "./computed.js";
import { graphControls, parameterSliders } from "./controls.js";
import { explain } from "./explain.js";
import { fields } from "./fields.js";
import { PARAMETERS } from "./graph.js";
import { graphView } from "./graph-view.js";
import { LABELS } from "./labels.js";
import { frame, place } from "./layout.js";
import { valuesTable } from "./values-table.js";

const MOVE = 900; // ms from folded to unfolded

function build({ model, label, draw: redraw }) {
  const get = (trait) => model.get(trait);
  const computed = createComputed();
  // Where the reader's attention is: what the pointer is on, else the slider or node that has the keyboard, else the
  // trait `focus`, which a press sets.
  const attention = { hovered: "", keyed: "" };
  let width = 600; // of the graph's window, until it is measured
  let goal = get("unfolded") ? 1 : 0;
  let unfolding = goal; // between the two while it moves
  let stopTween = () => {};

  function attend(kind, id) {
    attention[kind] = id;
    redraw();
  }
  const now = () => Math.min(get("time"), get("steps"));
  const controls = graphControls({ model, label });
  const numbers = fields({ model, label });
  const graph = graphView({
    label,
    attend,
    press: (id) => assign(model, { focus: get("focus") === id ? "" : id }),
    release: () => assign(model, { focus: "" }),
  });
  const time = player({
    lang: get("lang"),
    format: (t) => label("timeOf", { t, T: get("steps") }),
    get: () => [now(), get("steps")],
    onTime: (value) => assign(model, { time: value }),
  });
  const explanation = words();
  const parameters = parameterSliders({ model, label, attend });
  const table = valuesTable({ label, onOpen: redraw });
  const caption = html("p", { class: "sb-caption" });
  const scroller = html(
    "div",
    { class: "sb-scroll" },
    numbers.targets,
    html("div", { class: "sb-frame" }, graph.element, numbers.initial),
    numbers.inputs,
  );
  const content = html(
    "div",
    { class: "sb-stack" },
    controls.element,
    html("div", {}, scroller, caption),
    time.element,
    explanation.element,
    parameters.element,
    table.element,
  );

  function draw() {
    const settings = settingsOf(get);
    const structure = computed.graph(settings);
    const values = computed.values(settings);
    const known = (id) => structure.nodes.includes(id) || PARAMETERS.includes(id);
    if (!known(attention.hovered)) attention.hovered = ""; // gone from under the pointer
    const focus = [attention.hovered, attention.keyed, get("focus")].find((id) => id && known(id)) ?? "";

    controls.show(settings);
    time.show();
    parameters.show(settings, focus);
    setText(caption, label(get("unfolded") ? "unfolded" : "folded", { T: settings.steps }));
    say(settings, structure, values, focus);
    move();
    paint(settings, structure, values, focus);
    follow(structure.nodes.includes(get("focus")) ? get("focus") : `h${now()}`);
    table.draw(settings, values, now());
  }

  function say(settings, structure, values, focus) {
    const slopes = (id) => computed.slopes(settings, id);
    const lines = explain(focus, { settings, graph: structure, values, slopes, time: now(), label });
    if (settings.loss && now() === settings.steps) {
      lines.push({ kind: "equation", text: label("total", { value: fixed(values.total) }) });
    }
    explanation.say(...lines.map(({ kind, text }) => [kind, text]));
  }

  function paint(settings, structure, values, focus) {
    const box = frame(settings, width);
    graph.draw({
      settings,
      graph: structure,
      values,
      box,
      now: now(),
      focus,
      pinned: get("focus"),
      keyed: attention.keyed,
      unfolding,
      slopes: (id) => computed.slopes(settings, id),
    });
    numbers.show(settings, box, now(), unfolding < 1);
  }

  // Starts the way from folded to unfolded, or back, when the reader asked for it.
  function move() {
    const next = get("unfolded") ? 1 : 0;
    if (next === goal) return;
    goal = next;
    stopTween();
    stopTween = tween(unfolding, goal, MOVE, (u) => {
      unfolding = u;
      redraw();
    });
  }

  // Keeps the step the reader is at inside a narrow window.
  let followed = "";
  function follow(id) {
    const wanted = unfolding === 1 ? id : "";
    if (wanted === followed) return;
    followed = wanted;
    if (scroller.scrollWidth <= scroller.clientWidth) return;
    const [x] = wanted ? place(wanted, frame(settingsOf(get), width), 1) : [0];
    scroller.scrollTo({ left: x - scroller.clientWidth / 2, behavior: "instant" });
  }

  function measure() {
    width = scroller.clientWidth;
  }

  function stop() {
    stopTween();
    time.stop();
  }
  return { content, draw, sized: [scroller], measure, stop };
}

export default widget({ name: "unfolding", labels: LABELS, build });
