// A mask that is painted, who can know what under it, and what two trained networks make of it.
import { html, setText } from "../kit/dom.js";
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
  const study = createStudy(createNetworks(model.get("specimen")), limit);
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
  const networks = contest({ label });
  const explanation = spoken(
    html("div", { class: "sb-words", "aria-live": "polite" }),
    (...lines) => lines.map((line) => html("p", {}, line)),
  );
  const table = valuesTable({ label, onOpen: redraw });
  const right = html("p", { class: "sb-quiet sb-right" });
  const picture = html("div", { class: "sb-picture" }, right, cells.element, graph.element);
  const legend = html("p", { class: "sb-quiet sb-legend" },
    ...["past", "future", "known"].flatMap((mark) =>
      [html("i", { class: `sb-key sb-key-${mark}` }), html("span", {}, label(`legend_${mark}`))]));
  const empty = html("p", { class: "sb-words" }, label("few"));
  const body = html("div", { class: "sb-stack" }, chosen.element, html("div", {}, picture, legend),
    networks.element, explanation.element, table.element);
  const invitation = html("p", { class: "sb-try" }, label("try"));
  const content = html("div", { class: "sb-stack" }, invitation, text.element, ready.element, empty, body);

  function draw() {
    const found = study(settings((name) => model.get(name)));
    text.show(found, limit);
    ready.show();
    empty.hidden = found.T > 0;
    body.hidden = !found.T;
    if (!found.T) return;
    const scene = { ...found, layers: model.get("layers"), preset: model.get("mask"), width, ...frame(found.T, width) };
    chosen.show(scene);
    setText(right, label(`answers_${model.get("trained")}`));
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
