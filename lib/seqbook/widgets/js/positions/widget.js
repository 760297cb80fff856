// Two positions on a line: their codes as colours and as clocks, and their dot product over distance.
import { html, setText } from "../kit/dom.js";
import { assign } from "../kit/model.js";
import { clamp } from "../kit/scale.js";
import { widget } from "../kit/widget.js";
import { spoken } from "../kit/words.js";
import { math } from "../kit/math.js";
import { chart } from "./chart.js";
import { clockRow } from "./clocks.js";
import { settingsBoard } from "./controls.js";
import { explain } from "./explain.js";
import { LABELS } from "./labels.js";
import { lineView } from "./line-view.js";
import { settings } from "./numbers.js";
import { createStudy } from "./study.js";
import { valuesTable } from "./values-table.js";

function build({ model, label, draw: redraw }) {
  const study = createStudy(model.get("specimen"));
  const found = () => study(settings((name) => model.get(name)));
  let widths = [600, 600]; // of the line and of the chart, until they are measured

  // A handle stands at its shifted position.
  const move = (role, p) => {
    const { last, moved } = found();
    assign(model, { [role ? "second" : "first"]: clamp(p - moved, 0, last - moved) });
  };
  const controls = settingsBoard({ model, label });
  const line = lineView({ label, move });
  const clocks = clockRow({ label });
  const curve = chart({
    label,
    choose: (distance) => {
      const { places, last } = found();
      move(1, clamp(places[0] + distance, 0, last));
    },
  });
  const explanation = spoken(
    html("div", { class: "sb-words", "aria-live": "polite" }),
    (...lines) => lines.map((each) => html("p", {}, math(each))),
  );
  const table = valuesTable({ label, onOpen: redraw });
  const clockNote = html("p", { class: "sb-quiet" });
  const key = (mark) => html("span", {}, html("i", { class: `sb-key sb-key-${mark}` }), ` ${label(`legend_${mark}`)}`);
  const legend = (...marks) => html("p", { class: "sb-quiet sb-legend" }, ...marks.map(key));
  const heading = (name) => html("p", { class: "sb-heading" }, label(name));
  const picture = html("div", {}, line.element);
  const graph = html("div", {}, curve.element);
  const content = html("div", { class: "sb-stack" },
    html("p", { class: "sb-try" }, label("try")),
    controls.main,
    html("div", {}, picture, legend("first", "second")),
    html("div", { class: "sb-sides" },
      html("div", {}, heading("clocksHead"), clocks.element, clockNote),
      html("div", {}, heading("chartHead"), graph, legend("curve", "range"))),
    explanation.element, controls.more, table.element);

  function draw() {
    const scene = found();
    const [lineWidth, chartWidth] = widths;
    controls.show(scene.kind);
    line.draw({ ...scene, width: lineWidth });
    clocks.draw(scene);
    setText(clockNote, label(`clocks_${scene.kind}`));
    curve.draw({ ...scene, width: chartWidth });
    explanation.say(...explain(scene, label));
    table.draw(scene);
  }

  function measure() {
    widths = [picture.clientWidth, graph.clientWidth];
  }
  return { content, draw, sized: [picture, graph], measure };
}

export default widget({ name: "positions", labels: LABELS, rebuildOn: ["specimen"], build });
