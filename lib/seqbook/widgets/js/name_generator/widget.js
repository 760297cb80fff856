// A trained network writes names that begin as the reader begins them; temperature and draws are the reader's.
import { button } from "../kit/controls.js";
import { html, setAttributes, setText, uniqueId, whenChanged } from "../kit/dom.js";
import { fixed } from "../kit/format.js";
import { knobs } from "../kit/knobs.js";
import { memo } from "../kit/memo.js";
import { assign } from "../kit/model.js";
import { widget } from "../kit/widget.js";
import { LABELS } from "./labels.js";
import { letterName } from "./letters.js";
import { createNetwork, named } from "./network.js";
import { likeliest, written as write } from "./writing.js";

const BARS = 8;
const LONE = /[\ud800-\udfff]/gu; // halves of surrogate pairs, which Python does not take

function build({ model, label }) {
  const get = (trait) => model.get(trait);
  const { start: { most }, draw: { max } } = get("limits");
  const network = createNetwork(get("specimen"));
  const { marks, train, test } = get("specimen");
  const places = Object.fromEntries(
    Object.keys(marks).map((each) => [each, { known: new Set(train[each]), real: new Set(test[each]) }]),
  );
  const compute = memo((settings) => write(network, { ...settings, longest: most }));

  const knob = knobs(model, label);
  const language = knob.select("language");
  const temperature = knob.slider("temperature", { format: (value) => fixed(value) });
  const again = knob.marked(
    button({ label: "", kind: "sb-primary", onPress: () => assign(model, { draw: (get("draw") % max) + 1 }) }), "draw",
  );
  const start = firstLetters({ model, label, most, knob });
  const names = nameList(label);
  const bars = letterBars(label);
  const content = html(
    "div",
    { class: "sb-stack" },
    html("p", { class: "sb-try" }, label("try")),
    html("div", { class: "sb-grid" }, language.element, start.element, temperature.element, again.element),
    html("div", { class: "sb-results" }, names.element, bars.element),
  );

  function draw() {
    const written = get("language") ?? get("lang");
    const settings = { mark: marks[written] };
    for (const trait of ["start", "temperature", "draw"]) settings[trait] = get(trait);
    const found = compute(settings);
    language.show(written);
    temperature.show(settings.temperature);
    again.show(label("draw", { number: settings.draw }));
    start.show(settings.start, found.unknown);
    names.show(found.names.map((ids) => rowOf(ids, network.letters, places[written], label)));
    bars.show(settings.start, found.next, network.letters);
  }
  return { content, draw };
}

// What is shown of a name: { text, kind } with kind "known", "real" or "new".
function rowOf(ids, letters, { known, real }, label) {
  const name = named(ids, letters);
  const kind = known.has(name) ? "known" : real.has(name) ? "real" : "new";
  if (ids.at(-1) !== 0) return { text: label("cut", { name }), kind: "new" };
  return { text: name || label("empty"), kind };
}

function firstLetters({ model, label, most, knob }) {
  const id = uniqueId("start");
  const input = html("input", {
    type: "text", id, maxlength: most, spellcheck: "false", autocapitalize: "off", autocomplete: "off",
    "aria-describedby": `${id}-note`,
  });
  input.addEventListener("input", () => assign(model, { start: input.value.replace(LONE, "\ufffd") }));
  knob.marked({ input }, "start");
  const note = html("span", { class: "sb-reason", id: `${id}-note` });
  const element = html("div", { class: "sb-control" }, html("label", { for: id }, label("start")), input, note);

  function show(text, unknown) {
    if (input.value !== text) input.value = text;
    setText(note, unknown ? label("unknown", { count: unknown }) : "");
  }
  return { element, show };
}

function nameList(label) {
  const list = html("ol", { class: "sb-names" });
  const summary = html("p", { class: "sb-quiet", "aria-live": "polite" });
  const tags = { known: label("from"), real: label("heldOut") };
  const item = ([text, kind]) =>
    html(
      "li", { class: `sb-${kind}` }, html("span", { class: "sb-place" }, text),
      tags[kind] ? html("span", { class: "sb-tag" }, tags[kind]) : null,
    );
  const draw = whenChanged((...rows) => {
    const count = (kind) => rows.filter((row) => row[1] === kind).length;
    list.replaceChildren(...rows.map(item));
    setText(summary, label("summary", { count: rows.length, known: count("known"), real: count("real") }));
  });
  return {
    element: html("div", {}, html("p", { class: "sb-heading" }, label("names")), list, summary),
    show: (rows) => draw(...rows.map(({ text, kind }) => [text, kind])),
  };
}

function letterBars(label) {
  const heading = html("p", { class: "sb-heading" });
  const rows = Array.from({ length: BARS }, () => {
    const [name, bar, share] = [html("span"), html("span"), html("span", { class: "sb-share" })];
    const track = html("span", { class: "sb-track", "aria-hidden": "true" }, bar);
    return { name, bar, share, element: html("li", {}, name, track, share) };
  });
  const list = html("ol", { class: "sb-bars" }, ...rows.map(({ element }) => element));

  function show(start, p, letters) {
    setText(heading, start ? label("next", { start }) : label("nextOfNothing"));
    likeliest(p, BARS).forEach(([id, probability], n) => {
      setText(rows[n].name, letterName(letters[id], label));
      setText(rows[n].share, `${fixed(100 * probability, 1)}%`);
      setAttributes(rows[n].bar, { style: `width: ${(100 * probability).toFixed(1)}%` });
    });
  }
  return { element: html("div", {}, heading, list), show };
}

export default widget({ name: "name_generator", labels: LABELS, rebuildOn: ["specimen"], build });
