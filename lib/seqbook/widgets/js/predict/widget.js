// Asks for a guess, keeps it, and only then shows the computed answer.
import { button } from "../kit/controls.js";
import { html, uniqueId, whenChanged } from "../kit/dom.js";
import { assign } from "../kit/model.js";
import { widget } from "../kit/widget.js";
import { choices } from "./choices.js";
import { LABELS } from "./labels.js";
import { memory } from "./memory.js";
import { slide } from "./slide.js";

// What keeps a guess between visits: a page's own storage. A notebook has the trait for that.
function memoryOf(model) {
  const [question, answers, low, high] = ["question", "answers", "low", "high"].map((trait) => model.get(trait));
  const storage = () => (model.widget_manager === undefined ? window.localStorage : null);
  return memory({ storage, path: window.location.pathname, question, answers, low, high });
}

function build({ model, label, draw: redraw }) {
  const earlier = memoryOf(model);
  let chosen = null; // and not yet kept
  const form = (model.get("answers").length ? choices : slide)({
    model,
    label,
    choose(value) {
      chosen = value;
      redraw();
    },
  });

  const hint = html("span", { id: uniqueId("hint"), class: "sb-hint" }, label("hint"));
  const keep = button({ label: label("keep"), kind: "sb-primary", onPress: settle });
  keep.input.setAttribute("aria-describedby", hint.id);
  const again = button({ label: label("again"), onPress: reopen });
  const result = html("div", { class: "sb-result", role: "group", "aria-label": label("result"), tabindex: -1 });
  const live = html("div", { "aria-live": "polite" });
  const content = html(
    "div",
    { class: "sb-stack" },
    html("p", { class: "sb-first" }, label("first")),
    form.element,
    live,
    html("div", { class: "sb-bar" }, keep.element, again.element, hint),
  );

  function settle() {
    earlier.keep(chosen);
    assign(model, { guess: chosen });
    draw();
    result.focus({ preventScroll: true });
  }

  function reopen() {
    earlier.forget();
    assign(model, { guess: null });
    draw();
    form.first.focus({ preventScroll: true });
  }

  const show = whenChanged((guess, draft) => {
    form.show(draft, guess);
    keep.input.disabled = draft === null;
    for (const { input } of [keep, { input: hint }]) input.hidden = guess !== null;
    again.input.hidden = guess === null;
  });
  const tell = whenChanged((guess) => {
    live.replaceChildren(...(guess === null ? [] : [result]));
    result.replaceChildren(...(guess === null ? [] : [...form.result(guess), html("p", {}, model.get("why"))]));
  });

  function draw() {
    const guess = model.get("guess");
    if (guess !== null) chosen = null;
    show(guess, chosen);
    tell(guess);
  }

  if (model.get("guess") === null && earlier.recall() !== null) assign(model, { guess: earlier.recall() });
  return { content, draw };
}

export default widget({ name: "predict", labels: LABELS, build });
