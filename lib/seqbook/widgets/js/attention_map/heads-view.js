// The Transformer: all its heads, one of them in lines, a map and numbers; heads are erased, and it writes anew.
import { button, checkbox } from "../kit/controls.js";
import { html, setText } from "../kit/dom.js";
import { fixed } from "../kit/format.js";
import { assign } from "../kit/model.js";
import { player } from "../kit/player.js";
import { clamp } from "../kit/scale.js";
import { words } from "../kit/words.js";
import { brief, largest, ranked, sourceName } from "./describe.js";
import { headRowsView } from "./head-rows.js";
import { describeHeads, headEquations } from "./heads-describe.js";
import { gridView } from "./heads-grid.js";
import { createHeadsStudy, headOf, nameOf, namesOf, weightsOf } from "./heads-study.js";
import { linesView } from "./lines.js";
import { mapView } from "./map.js";
import { visible } from "./signs.js";
import { valuesTable } from "./values-table.js";

// The same as recurrentView.
export function headsView({ model, label, control, redraw, specimen, limit }) {
  const [study, untouched] = [createHeadsStudy(specimen, limit), createHeadsStudy(specimen, limit)];
  const get = (trait) => model.get(trait);
  const alone = (trait) => (trait === "erased" ? [] : get(trait));
  const now = () => study(get);
  const isThere = ({ run }) => Boolean(run);
  const { layers, heads } = Object.values(specimen.transformers)[0];
  let [width, half] = [640, 640]; // of the widget's inside and of one of its columns, until they are measured

  const chosen = () => [get("place"), get("layer"), get("head")];
  const names = (found) => namesOf(found, get("place"), visible);
  const lastOf = (found) => (isThere(found) ? names(found).rows.length : 1);
  const timeOf = (found) => clamp(get("time"), 1, lastOf(found));
  const goTo = (time) => assign(model, { time, source: null });
  const pick = (i) => assign(model, { source: i });

  const explanation = words();
  const grid = gridView({
    label, layers, heads, onPick: (place, layer, head) => assign(model, { place, layer, head, source: null }),
  });
  const erase = control.marked(checkbox({
    label: label("erase"),
    onInput: (isOn) => {
      const name = nameOf(...chosen());
      const others = get("erased").filter((each) => each !== name);
      assign(model, { erased: isOn ? [...others, name] : others });
    },
  }), "erased");
  const restore = button({ label: label("restore"), onPress: () => assign(model, { erased: [] }) });
  const temperature = control.slider("temperature", { format: (value) => fixed(value, 1) });
  const time = player({
    lang: get("lang"),
    labels: { time: label("row") },
    format: (t) => {
      const found = now();
      return label("step", { t, T: lastOf(found), sign: isThere(found) ? names(found).rows[t - 1] : "" });
    },
    get: () => {
      const found = now();
      return [timeOf(found), lastOf(found)];
    },
    onTime: goTo,
    interval: 1200,
  });
  const lines = linesView({ onSource: pick, onTarget: goTo });
  const map = mapView({ onCell: (t, i) => assign(model, { time: t, source: i }) });
  const rows = headRowsView({ label, onPick: (i) => pick(i + 1) });
  const numbers = words();
  const unit = control.slider("unit", { max: Object.values(specimen.transformers)[0].units - 1 });
  const table = valuesTable({ label, onOpen: redraw });

  const scroll = (name, ...content) =>
    html("div", { class: "sb-scroll", role: "region", tabindex: 0, "aria-label": name }, ...content);
  const heading = (...content) => html("p", { class: "sb-heading" }, ...content);
  const [linesTitle, rowsTitle] = [heading(), heading()];
  const left = html("div", {}, rowsTitle, html("div", { class: "sb-scrolled" }, rows.element));
  const right = html("div", {}, heading(label("mapHead")), scroll(label("mapHead"), map.element));
  const element = html("div", { class: "sb-stack" },
    explanation.element,
    html("div", {}, heading(label("gridTitle")), grid.element),
    html("div", { class: "sb-bar" }, erase.element, restore.element, temperature.element),
    time.element,
    html("div", {}, linesTitle, scroll(label("linesTitle"), lines.element)),
    html("div", { class: "sb-halves" }, left, right),
    html("div", {}, heading(label("headEquations")), numbers.element),
    html("div", { class: "sb-bar" }, unit.element),
    table.element,
  );

  function draw(found) {
    const [place, layer, head] = chosen();
    const erased = get("erased");
    const t = timeOf(found);
    const own = names(found);
    const shown = headOf(found, place, layer, head, erased);
    const { weights } = shown;
    const reach = place === "decoder" ? t : own.columns.length; // what lies ahead is masked
    const picked = clamp((get("source") ?? largest(weights[t - 1]) + 1) - 1, 0, reach - 1);
    const u = Math.min(get("unit"), shown.mixed[0].length - 1);
    const title = label("headOn", { place: label(`place_${place}`), layer, head });

    explanation.say(...describeHeads(found, erased.length ? untouched(alone) : null,
      { place, layer, head, t, weights, names: own }, label));
    grid.draw({
      weightsOf: (...each) => weightsOf(found, ...each), chosen: nameOf(place, layer, head), erased,
    });
    erase.show(shown.isErased);
    restore.element.hidden = !erased.length;
    temperature.show(get("temperature"));
    time.show();
    const named = (i) => `${sourceName(own.columns[i])} ${brief(weights[t - 1][i])}`;
    const list = ranked(weights[t - 1]).slice(0, Math.min(3, reach)).map(named).join(", ");
    const picture = { source: own.columns, target: own.rows, weights, t, i: picked + 1 };
    setText(linesTitle, label("linesHead", { head: title }));
    lines.draw({
      ...picture, width, strengths: null, name: label("lines", { t, sign: sourceName(own.rows[t - 1]), list }),
    });
    map.draw({ ...picture, width: half, name: label("mapOfHead", { T: own.rows.length, S: own.columns.length }) });
    setText(rowsTitle, label("headRows", { t }));
    rows.draw({
      names: own.columns.slice(0, reach), head: shown, t: t - 1, picked, unit: u,
      asks: label(place === "encoder" ? "headQuery" : "headQueryWriting", { sign: sourceName(own.rows[t - 1]) }),
    });
    numbers.say(...headEquations(shown, get("temperature"), t, picked, u, label));
    unit.show(u);
    table.draw(picture);
  }

  function measure() {
    [width, half] = [element.clientWidth || width, right.clientWidth || half];
  }
  return { element, now, isThere, draw, measure, stop: () => time.stop() };
}
