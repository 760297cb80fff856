// What the reader sets: the sentence, the reader, what is asked, the output, and the changed letter.
import { button, checkbox } from "../kit/controls.js";
import { html, setAttributes, uniqueId, whenChanged } from "../kit/dom.js";
import { knobs } from "../kit/knobs.js";
import { assign } from "../kit/model.js";
import { wellFormed } from "../kit/text-field.js";
import { lettersOf } from "./reading.js";

// The field, and under it what of the text is not read as it was typed.
export function sentence({ model, label }) {
  const field = html("input", {
    type: "text", spellcheck: "false", autocapitalize: "off", autocomplete: "off", dir: "auto", "data-trait": "text",
  });
  field.id = uniqueId("text");
  const status = html("p", { class: "sb-quiet", id: `${field.id}-status`, "aria-live": "polite" });
  setAttributes(field, { "aria-describedby": status.id });
  field.addEventListener("input", () => assign(model, { text: wellFormed(field.value), change: null }));

  const say = whenChanged((...lines) => status.replaceChildren(lines.join(" ")));
  function show({ letters, lowered, unread }, isKnown, limit) {
    const text = model.get("text");
    if (wellFormed(field.value) !== text) field.value = text; // not while a syllable is being put together
    const strange = [...new Set(letters.filter((letter) => !isKnown(letter)))];
    say(
      label("reads", { count: letters.length }),
      ...(lowered ? [label("lowered", { count: lowered })] : []),
      ...(letters.some((letter) => /[가-힣]/.test(letter)) ? [label("hangul")] : []),
      ...(strange.length ? [label("unknown", { list: strange.join(" ") })] : []),
      ...(unread ? [label("unread", { limit, count: unread })] : []),
    );
  }
  const name = html("label", { for: field.id }, label("text"));
  return { element: html("div", { class: "sb-field" }, name, field, status), show };
}

export function choices({ model, label }) {
  const knob = knobs(model, label);
  const [reader, predict] = [knob.select("reader"), knob.select("predict")];
  let scene = { letters: [] };
  const time = knob.slider("time", {
    format: (t) => label("timeOf", { t, last: scene.letters.length - 1, letter: scene.letters[t - 1] ?? "" }),
  });
  const element = html("div", { class: "sb-grid" }, reader.element, predict.element, time.element);

  // `next` = { letters, time }
  function show(next) {
    scene = next;
    reader.show(model.get("reader"));
    predict.show(model.get("predict"));
    time.input.max = Math.max(1, scene.letters.length - 1);
    time.show(scene.time);
  }
  return { element, show };
}

export function changing({ model, label }) {
  const knob = knobs(model, label);
  let scene = { letters: [], answer: null, time: 1 };
  const on = checkbox({
    label: label("changing"),
    onInput: (checked) => assign(model, { change: checked ? Math.min(scene.time + 2, scene.letters.length) : null }),
  });
  const place = knob.slider("change", {
    format: (n) => label("changeOf", { n, T: scene.letters.length, letter: scene.letters[n - 1] ?? "" }),
  });
  const field = html("input", { type: "text", spellcheck: "false", autocapitalize: "off", autocomplete: "off" });
  field.id = uniqueId("into");
  knob.marked({ input: field }, "into");
  field.addEventListener("focus", () => field.select());
  field.addEventListener("input", () => {
    const letter = lettersOf(wellFormed(field.value), Infinity).letters.at(-1); // the one typed last
    if (letter !== undefined) assign(model, { into: letter });
  });
  field.addEventListener("blur", () => {
    field.value = model.get("into");
  });
  const into = html("div", { class: "sb-into" }, html("label", { for: field.id }, label("into")), field);
  const answer = button({ label: label("changeAnswer"), onPress: () => assign(model, { change: scene.answer }) });
  const element = html("div", { class: "sb-bar" }, on.element, place.element, into, answer.element);

  // `next` = { letters, answer, time }: the letter that is the chosen output's answer, or null.
  function show(next) {
    scene = next;
    const change = model.get("change");
    on.show(change !== null);
    place.element.hidden = into.hidden = change === null;
    place.input.max = Math.max(1, scene.letters.length);
    place.show(change === null ? 1 : Math.min(change, scene.letters.length));
    if (field.getRootNode().activeElement !== field) field.value = model.get("into"); // not while it is typed
    answer.element.hidden = scene.answer === null;
  }
  return { element, show };
}
