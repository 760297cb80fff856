// A trained translator writes what the reader asks for: the recurrent one, or the Transformer with all its heads.
import { excusable, select } from "../kit/controls.js";
import { html } from "../kit/dom.js";
import { knobs } from "../kit/knobs.js";
import { assign } from "../kit/model.js";
import { examples, textField } from "../kit/text-field.js";
import { widget } from "../kit/widget.js";
import { sourceName } from "./describe.js";
import { headsView } from "./heads-view.js";
import { LABELS } from "./labels.js";
import { recurrentView } from "./recurrent-view.js";

const EXAMPLES = {
  "phrases-en": [
    "Ich möchte ein Bier trinken", "Heute hat mein Bruder im Garten einen Apfel gegessen",
    "Sie muss einen Brief schreiben", "Wir suchen den Schlüssel zu Hause",
  ],
  "phrases-ko": [
    "Ich möchte ein Bier trinken", "Er möchte ein Bier trinken",
    "Heute hat mein Bruder im Garten einen Apfel gegessen",
  ],
  dates: ["2026년 3월 9일 월요일", "26. 3. 9.", "오늘은 1999년 12월 31일", "안녕하세요"],
  names: ["파라마리보", "베를린", "크로아티아", "부에노스아이레스"],
};
const NAMED = 8; // unknown signs that are named
const LANGUAGE = { "phrases-en": "de", "phrases-ko": "de", dates: "ko", names: "ko" };

const VIEWS = { recurrent: recurrentView, transformer: headsView };

function build({ model, label, draw: redraw }) {
  const specimen = model.get("specimen");
  const { text: { most: limit }, model: { options: models }, architecture: { options: kinds } } = model.get("limits");
  const get = (trait) => model.get(trait);
  const afresh = { moved: [], source: null, output: "" };
  const rewrite = (text) => assign(model, { text, ...afresh });
  const begin = (name) => {
    const { text, time } = specimen.models[name] ?? specimen.transformers[name];
    assign(model, { model: name, text, time, ...afresh });
  };

  const control = knobs(model, label);
  const architecture = control.select("architecture");
  architecture.element.hidden = kinds.length === 1;
  const chosen = control.marked(select({
    label: label("model"), options: models.map((name) => [name, label(`model_${name}`)]), onInput: begin,
  }), "model");
  const score = excusable(control.select("score"));
  const field = textField({ name: label("text"), onText: rewrite });
  const tries = Object.fromEntries(models.map((name) =>
    [name, examples({ name: label("tryText"), texts: EXAMPLES[name], lang: LANGUAGE[name], onPick: rewrite })]));
  field.element.append(...Object.values(tries));

  const views = Object.fromEntries(kinds.map((kind) =>
    [kind, VIEWS[kind]({ model, label, control, redraw, specimen, limit })]));
  const empty = html("p", { class: "sb-words" }, label("empty"));
  const content = html("div", { class: "sb-stack" },
    html("div", { class: "sb-bar sb-models" }, architecture.element, chosen.element, score.element), field.element,
    empty, ...Object.values(views).map(({ element }) => element));

  function sayText({ read, task }) {
    const strange = [...new Set(read.signs.filter((_, n) => read.ids[n] === 0))];
    const named = strange.slice(0, NAMED).map(sourceName).join(" ");
    const list = strange.length > NAMED ? `${named} ${label("more", { count: strange.length - NAMED })}` : named;
    field.show(get("text"));
    field.say(
      label(`reads_${task.kinds[0]}`, { count: read.signs.length }),
      ...(strange.length ? [label("unknown", { list })] : []),
      ...(read.unread ? [label("unread", { limit, unread: read.unread })] : []),
    );
    for (const [name, element] of Object.entries(tries)) element.hidden = name !== get("model");
    chosen.show(get("model"));
    architecture.show(get("architecture"));
    score.element.hidden = !task.files;
    if (!task.files) return;
    const able = Object.keys(task.files);
    for (const option of score.input.options) option.disabled = !able.includes(option.value);
    score.show(task.score);
    score.excuse(able.length > 1 ? null : label("oneScore", { score: label(`score_${task.score}`) }));
  }

  let seen = null; // the view that was drawn last
  function draw() {
    const view = views[get("architecture")];
    const found = view.now();
    sayText(found);
    const isThere = view.isThere(found);
    empty.hidden = isThere;
    for (const each of Object.values(views)) {
      each.element.hidden = each !== view || !isThere;
      if (each.element.hidden) each.stop();
    }
    if (!isThere) return;
    if (view !== seen) view.measure(); // hidden until now, it had no width
    seen = view;
    view.draw(found);
  }

  const measure = () => views[get("architecture")].measure();
  const stop = () => Object.values(views).forEach((view) => view.stop());
  return { content, draw, sized: [content], measure, stop };
}

export default widget({ name: "attention_map", labels: LABELS, rebuildOn: ["specimen"], build });
