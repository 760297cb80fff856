// The text that the model reads, as the reader writes it, and what the model makes of it.
import { assign } from "../kit/model.js";
import { textField } from "../kit/text-field.js";
import { editBetween, shifted } from "./clamps.js";
import { stepsBefore } from "./specimens.js";

// `kind` is what the model reads, "characters" or "numbers"; `steps()` gives the steps that are shown.
export function writing({ model, label, network, steps }) {
  const { kind } = network;
  const field = textField({ name: label(`text_${kind}`), rows: 3, onText: (words, caret) => rewrite(words, caret) });
  const followCaret = () => {
    const t = stepsBefore(steps(), field.input.selectionEnd);
    if (t > 0) assign(model, { time: t });
  };
  field.input.addEventListener("click", followCaret);
  field.input.addEventListener("keyup", (event) => /^(Arrow|Home|End|Page)/.test(event.key) && followCaret());

  // A text the reader changed, with the caret after the change: what is held stays on its characters.
  function rewrite(words, caret) {
    const { steps: next } = network.read(words);
    const labels = (read) => read.map(({ label: each }) => each);
    const clamps = shifted(model.get("clamps"), editBetween(labels(steps()), labels(next)));
    const t = caret === undefined ? Math.min(model.get("time"), next.length) : stepsBefore(next, caret);
    const same = JSON.stringify(clamps) === JSON.stringify(model.get("clamps"));
    assign(model, { text: words, time: Math.max(1, t), ...(same ? {} : { clamps }) });
  }

  function show(text, unread) {
    field.show(text);
    const numbers = kind === "numbers";
    const strange = steps().filter(({ known }) => !known).length;
    field.say(
      label(numbers ? "readsNumbers" : "reads", { count: steps().length }),
      ...(strange ? [label(numbers ? "unknownNumbers" : "unknown", { count: strange })] : []),
      ...(unread ? [label("unread", { limit: network.limit, unread })] : []),
    );
  }
  return { element: field.element, rewrite, show };
}
