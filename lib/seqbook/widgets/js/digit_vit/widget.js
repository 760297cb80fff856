// A digit through a Vision Transformer: drawn or picked, cut into patches, looked at by every head, and named.
import { html, setAttributes, setText } from "../kit/dom.js";
import { knobs } from "../kit/knobs.js";
import { assign } from "../kit/model.js";
import { widget } from "../kit/widget.js";
import { spoken } from "../kit/words.js";
import { answers } from "./answers.js";
import { explain } from "./explain.js";
import { field } from "./field.js";
import { LABELS } from "./labels.js";
import { maps } from "./maps.js";
import { settings } from "./numbers.js";
import { patches } from "./patches.js";
import { exchanged, reordered, rowAndColumn, toggled } from "./places.js";
import { createNetworks, createStudy } from "./study.js";
import { tokens } from "./tokens.js";
import { valuesTable } from "./values-table.js";

function build({ model, label, draw: redraw }) {
  const specimen = model.get("specimen");
  const limits = model.get("limits");
  const most = limits.erased.most;
  const study = createStudy(createNetworks(specimen));
  const get = (name) => model.get(name);
  const set = (values) => assign(model, values);
  const control = knobs(model, label);

  const drawn = field({
    label, examples: specimen.examples, labels: specimen.labels,
    get: () => get("image"), set: (image) => set({ image }),
  });
  const pieces = patches({
    label,
    exchange: (one, other) => set(exchanged({ order: get("order"), erased: get("erased") }, one, other)),
    erase: (place) => set({ erased: toggled(get("erased"), place, most) }),
    ask: (place) => set({ query: place + 1 }),
    reorder: (order) => set(order ? reordered({ order: get("order"), erased: get("erased") }, order)
      : { order: get("order").map((_, n) => n), erased: [] }),
  });
  control.marked({ input: pieces.element }, "order");
  const bars = answers({ label });
  const views = maps({
    label, layers: limits.layer.max, heads: limits.head.max, choose: set, ask: (query) => set({ query }),
  });
  const vectors = tokens({ label });
  const words = spoken(html("div", { class: "sb-words", "aria-live": "polite" }),
    (...lines) => lines.map((line) => html("p", {}, line)));
  const table = valuesTable({ label, onOpen: redraw });

  const fit = control.checkbox("fit");
  const choices = [control.select("without"), control.select("network"), control.select("erasing")];
  const looks = [control.select("layer"), control.select("head")];
  const stage = control.select("stage");
  const asker = (query) => query ? label("spot", rowAndColumn(query - 1)) : label(hasToken ? "theToken" : "theMean");
  const query = control.slider("query", { format: asker });
  let hasToken = true;
  const key = html("p", { class: "sb-quiet" });

  const heading = (name) => html("p", { class: "sb-heading" }, label(name));
  drawn.element.append(fit.element, html("p", { class: "sb-quiet" }, label("fieldNote")));
  const read = html("div", { class: "sb-part" }, heading("patches"),
    html("div", { class: "sb-pair" }, pieces.element, bars.element), pieces.tools, pieces.spoken);
  const content = html("div", { class: "sb-stack" },
    html("p", { class: "sb-try" }, label("try")),
    html("div", { class: "sb-sides" }, drawn.element, read),
    html("div", { class: "sb-grid" }, ...choices.map(({ element }) => element)),
    key, words.element,
    html("div", { class: "sb-grid" }, ...looks.map(({ element }) => element), query.element),
    views.element,
    html("div", { class: "sb-below" }, html("div", {}, heading("tokens"), stage.element), vectors.element),
    table.element);

  function draw() {
    const scene = { ...settings(get), ...study(settings(get)), most };
    const two = scene.without !== "nothing";
    hasToken = scene.first === 1;
    drawn.draw(scene.image);
    pieces.draw(scene);
    const [shown, other] = scene.network === "trained" ? ["trained", "switched"] : ["switched", "trained"];
    bars.draw({ ...scene, shown: scene[shown], against: two ? scene[other] : null });
    setText(key, two ? label(`key_${scene.network}`) : label("key"));
    setAttributes(choices[1].input, { disabled: !two });
    for (const [n, name] of ["without", "network", "erasing"].entries()) choices[n].show(scene[name]);
    for (const [n, name] of ["layer", "head"].entries()) looks[n].show(scene[name]);
    stage.show(scene.stage);
    fit.show(scene.fit);
    query.show(scene.query);
    words.say(...explain(scene, label));
    views.draw(scene);
    vectors.draw(scene);
    table.draw(scene);
  }
  return { content, draw };
}

export default widget({ name: "digit_vit", labels: LABELS, rebuildOn: ["specimen"], build });
