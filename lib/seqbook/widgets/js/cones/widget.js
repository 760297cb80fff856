// Reads the reader's sentence from both ends, draws what an output is computed from, and what a changed letter moves.
import { html, setText } from "../kit/dom.js";
import { assign } from "../kit/model.js";
import { clamp } from "../kit/scale.js";
import { widget } from "../kit/widget.js";
import { spoken } from "../kit/words.js";
import { changing, choices, sentence } from "./controls.js";
import { explain } from "./explain.js";
import { graphView } from "./graph-view.js";
import { LABELS } from "./labels.js";
import { BOX, frame, HEIGHT, place, ROWS } from "./layout.js";
import { createNetwork, READERS } from "./network.js";
import { restored } from "./restored.js";
import { createStudy } from "./study.js";
import { valuesTable } from "./values-table.js";

function build({ model, label, draw: redraw }) {
  const limit = model.get("limits").text.most;
  const network = createNetwork(model.get("specimen"));
  const study = createStudy(network, limit);
  let width = 600; // of the graph's window, until it is measured

  const text = sentence({ model, label });
  const chosen = choices({ model, label });
  const change = changing({ model, label });
  const graph = graphView({
    label,
    press: (row, n) => {
      if (row === "output") assign(model, { time: n });
      else assign(model, { change: model.get("change") === n ? null : n });
    },
  });
  const result = restored(label);
  const explanation = spoken(
    html("div", { class: "sb-words", "aria-live": "polite" }),
    (...lines) => lines.map((line) => html("p", {}, line)),
  );
  const table = valuesTable({ label, onOpen: redraw });
  const asked = html("span");
  const rows = [["output", asked], ...["backward", "forward", "letter"].map((row) => [row, label(`row_${row}`)])];
  const names = html(
    "div",
    { class: "sb-rows", "aria-hidden": "true", style: `height: ${HEIGHT}px` },
    ...rows.map(([row, name]) => html("span", { style: `top: ${ROWS[row]}px`, class: `sb-name-${row}` }, name)),
  );
  const scroller = html("div", { class: "sb-scroll" }, graph.element);
  const empty = html("p", { class: "sb-words" }, label("few"));
  const legend = html("p", { class: "sb-quiet" });
  const body = html(
    "div",
    { class: "sb-stack" },
    chosen.element,
    change.element,
    html("div", {}, html("div", { class: "sb-picture" }, names, scroller), legend),
    result.element,
    explanation.element,
    table.element,
  );
  const invitation = html("p", { class: "sb-try" }, label("try"));
  const content = html("div", { class: "sb-stack" }, invitation, text.element, empty, body);

  function draw() {
    const found = study(model.get("text"), model.get("change"), model.get("into"));
    const { letters } = found;
    const T = letters.length;
    text.show(found, network.isKnown, limit);
    empty.hidden = T > 1;
    body.hidden = T < 2;
    if (T < 2) return;

    const time = clamp(model.get("time"), 1, T - 1);
    const reader = model.get("reader");
    const isNext = model.get("predict") === "next";
    const scene = {
      ...found,
      shown: (found.changed ?? found).letters,
      change: found.changed ? model.get("change") : null,
      reader,
      time,
      isNext,
      width,
      known: network.isKnown,
      answer: isNext ? time + 1 : null,
    };
    chosen.show(scene);
    change.show(scene);
    graph.draw(scene);
    const { run } = found.changed ?? found;
    result.draw(scene.shown, found.spaced, run.probability[READERS.indexOf(reader)]);
    result.element.hidden = isNext;
    setText(asked, label(isNext ? "row_next" : "row_output"));
    const moved = [label("legendMoved"), ...(isNext ? [] : [label("legendPoints")])];
    setText(legend, found.changed ? moved.join(" ") : label("legend"));
    explanation.say(...explain(scene, label));
    table.draw(scene);
    follow({ T, time, change: scene.change, width });
  }

  // Brings what the reader moved last, the chosen output or the changed letter, into a narrow window.
  let followed = {};
  function follow(now) {
    const { T, time, change } = now;
    const turned = change !== null && change !== followed.change && T === followed.T && time === followed.time;
    const same = Object.entries(now).every(([name, value]) => followed[name] === value);
    followed = now;
    if (same) return;
    const [x] = place("letter", turned ? change : time, frame(T, width));
    const { scrollLeft, clientWidth } = scroller;
    if (x - BOX > scrollLeft && x + BOX < scrollLeft + clientWidth) return;
    scroller.scrollTo({ left: x - clientWidth / 2, behavior: "instant" });
  }

  function measure() {
    width = scroller.clientWidth;
  }
  return { content, draw, sized: [scroller], measure };
}

export default widget({ name: "cones", labels: LABELS, rebuildOn: ["specimen"], build });
