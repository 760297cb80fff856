// A text that the reader writes and a model reads, with a line under it that says what becomes of it, and examples.
import { button } from "./controls.js";
import { html, setAttributes, uniqueId, whenChanged } from "./dom.js";

// A text as Python takes it: Hangul composed, and the replacement character for a lone half of a surrogate pair.
export const wellFormed = (text) => text.normalize("NFC").replace(/\p{Surrogate}/gu, "\uFFFD");

// `name` is the label; `onText(text, caret)` is called with what the reader wrote. Gives { element, input, show(text),
// say(...sentences) }.
export function textField({ name, rows = 1, onText }) {
  const input = html("textarea", {
    rows, spellcheck: "false", autocapitalize: "off", autocomplete: "off", dir: "auto", "data-trait": "text",
  });
  input.id = uniqueId("text");
  const status = html("p", { class: "sb-quiet", id: `${input.id}-status`, "aria-live": "polite" });
  setAttributes(input, { "aria-describedby": status.id });
  input.addEventListener("input", () => {
    const clean = wellFormed(input.value);
    if (clean !== input.value) {
      const caret = input.selectionEnd;
      input.value = clean;
      input.setSelectionRange(caret, caret);
    }
    onText(clean, input.selectionEnd);
  });
  const show = (text) => {
    if (input.value !== text) input.value = text;
  };
  return {
    element: html("div", { class: "sb-field" }, html("label", { for: input.id }, name), input, status),
    input,
    show,
    say: whenChanged((...sentences) => status.replaceChildren(sentences.join(" "))),
  };
}

// Buttons that each put a text into the field; `lang` is the texts' language.
export function examples({ name, texts, lang, onPick }) {
  const each = (text) => {
    const { element } = button({ label: text, kind: "sb-example", onPress: () => onPick(text) });
    return setAttributes(element, { lang });
  };
  return html("div", { class: "sb-examples" }, html("span", { class: "sb-quiet" }, name), ...texts.map(each));
}
