// A mask that is painted, who can know what under it, and what two trained networks make of it.
import { html } from "../kit/dom.js";
import { assign } from "../kit/model.js";
import { widget } from "../kit/widget.js";
import { spoken } from "../kit/words.js";
import { board } from "./board.js";
import { contest } from "./contest.js";
import { choices, presets, sentence } from "./controls.js";
import { explain } from "./explain.js";
import { graphView } from "./graph-view.js";
import { LABELS } from "./labels.js";
import { frame } from "./layout.js";
import { digits, maskOf, painted } from "./masks.js";
import { settings } from "./numbers.js";
import { createNetworks, createStudy } from "./study.js";
import { valuesTable } from "./values-table.js";

function build({ model, label, draw: redraw }) {
  const limit = model.get("limits").text.most;
  const specimen = model.get("specimen");
  const study = createStudy(createNetworks(specimen), limit);
  let width = 600; // of the picture, until it is measured

  const text = sentence({ model, label });
  const ready = presets({ model, label });
  const chosen = choices({ model, label });
  // A stroke may go on before what it painted is drawn: it starts from what the model holds.
  const paint = (cells, may) => {
    const { T, pads } = study(settings((name) => model.get(name)));
    assign(model, { mask: digits(painted(maskOf(model.get("mask"), T, pads), cells, may)) });
  };
  const cells = board({ label, paint, choose: (time) => assign(model, { time }) });
  const graph = graphView({ label });
  const networks = contest({ label, V: specimen.characters.length });
  const explanation = spoken(
    html("div", { class: "sb-words", "aria-live": "polite" }),
    (...lines) => lines.map((line) => html("p", {}, line)),
  );
  const table = valuesTable({ label, onOpen: redraw });
  const picture = html("div", { class: "sb-picture" }, cells.element, graph.element);
  const legend = html("p", { class: "sb-quiet sb-legend" },
    ...["past", "future", "known", "answer", "chance"].map((mark) =>
      html("span", {}, html("i", { class: `sb-key sb-key-${mark}` }), ` ${label(`legend_${mark}`)}`)));
  const empty = html("p", { class: "sb-words" }, label("few"));
  const sides = html("div", { class: "sb-sides" }, html("div", {}, picture, legend),
    html("div", { class: "sb-stack" }, networks.element, explanation.element));
  const body = html("div", { class: "sb-stack" }, ready.element, sides, table.element);
  const invitation = html("p", { class: "sb-try" }, label("try"));
  const set = html("div", { class: "sb-grid" }, text.element, ...chosen.elements);
  const content = html("div", { class: "sb-stack" }, invitation, set, empty, body);

  function draw() {
    const found = study(settings((name) => model.get(name)));
    text.show(found, limit);
    ready.show();
    empty.hidden = found.T > 0;
    body.hidden = !found.T;
    chosen.show(found);
    if (!found.T) return;
    const scene = { ...found, layers: model.get("layers"), preset: model.get("mask"), width, ...frame(found.T, width) };
    cells.draw(scene);
    graph.draw(scene);
    networks.draw(scene);
    explanation.say(...explain(scene, label));
    table.draw(scene);
  }

  function measure() {
    width = picture.clientWidth;
  }
  return { content, draw, sized: [picture], measure };
}

export default widget({ name: "mask_laboratory", labels: LABELS, rebuildOn: ["specimen"], build });
