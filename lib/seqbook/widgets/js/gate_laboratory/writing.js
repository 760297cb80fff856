// The text that the model reads, as the reader writes it, and what the model makes of it.
import { html, setAttributes, uniqueId, whenChanged } from "../kit/dom.js";
import { assign } from "../kit/model.js";
import { editBetween, shifted } from "./clamps.js";
import { stepsBefore, wellFormed } from "./specimens.js";

// `kind` is what the model reads, "characters" or "numbers"; `steps()` gives the steps that are shown.
export function writing({ model, label, network, steps }) {
  const { kind } = network;
  const field = html("textarea", {
    rows: 3,
    spellcheck: "false",
    autocapitalize: "off",
    autocomplete: "off",
    dir: "auto",
    "data-trait": "text",
  });
  field.id = uniqueId("text");
  const status = html("p", { class: "sb-quiet", id: `${field.id}-status`, "aria-live": "polite" });
  setAttributes(field, { "aria-describedby": status.id });
  field.addEventListener("input", () => {
    const clean = wellFormed(field.value);
    if (clean !== field.value) {
      const caret = field.selectionEnd;
      field.value = clean;
      field.setSelectionRange(caret, caret);
    }
    rewrite(clean, field.selectionEnd);
  });
  const followCaret = () => {
    const t = stepsBefore(steps(), field.selectionEnd);
    if (t > 0) assign(model, { time: t });
  };
  field.addEventListener("click", followCaret);
  field.addEventListener("keyup", (event) => /^(Arrow|Home|End|Page)/.test(event.key) && followCaret());

  // A text the reader changed, with the caret after the change: what is held stays on its characters.
  function rewrite(words, caret) {
    const { steps: next } = network.read(words);
    const labels = (read) => read.map(({ label: each }) => each);
    const clamps = shifted(model.get("clamps"), editBetween(labels(steps()), labels(next)));
    const t = caret === undefined ? Math.min(model.get("time"), next.length) : stepsBefore(next, caret);
    const same = JSON.stringify(clamps) === JSON.stringify(model.get("clamps"));
    assign(model, { text: words, time: Math.max(1, t), ...(same ? {} : { clamps }) });
  }

  const say = whenChanged((...lines) => status.replaceChildren(lines.join(" ")));
  function show(text, unread) {
    if (field.value !== text) field.value = text;
    const numbers = kind === "numbers";
    const strange = steps().filter(({ known }) => !known).length;
    say(
      label(numbers ? "readsNumbers" : "reads", { count: steps().length }),
      ...(strange ? [label(numbers ? "unknownNumbers" : "unknown", { count: strange })] : []),
      ...(unread ? [label("unread", { limit: network.limit, unread })] : []),
    );
  }
  const name = html("label", { for: field.id }, label(`text_${kind}`));
  return { element: html("div", { class: "sb-field" }, name, field, status), rewrite, show };
}
