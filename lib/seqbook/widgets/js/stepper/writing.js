// The text that the encoder reads, as the reader writes it; examples; and what of it the model does not know.
import { button } from "../kit/controls.js";
import { html, setAttributes, uniqueId, whenChanged } from "../kit/dom.js";
import { apart, visible } from "./describe.js";
import { wellFormed } from "./reading.js";

const EXAMPLES = ["2026년 3월 9일 월요일", "26. 3. 9.", "2026년 3월", "안녕하세요"];
const NAMED = 8; // unknown characters that are named

// `rewrite(text)` is called with a text that the reader wrote or chose.
export function writing({ label, limit, rewrite }) {
  const field = html("textarea", {
    rows: 1, spellcheck: "false", autocapitalize: "off", autocomplete: "off", dir: "auto", "data-trait": "text",
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
    rewrite(clean);
  });
  const examples = EXAMPLES.map((text) => {
    const { element } = button({ label: text, kind: "sb-example", onPress: () => rewrite(text) });
    return setAttributes(element, { lang: "ko" });
  });
  const say = whenChanged((...lines) => status.replaceChildren(lines.join(" ")));

  function show(text, { characters, unknown, unread }) {
    if (field.value !== text) field.value = text;
    const named = unknown.slice(0, NAMED).map((character) => `“${apart(visible(character))}”`).join(" ");
    const list = unknown.length > NAMED ? `${named} ${label("more", { count: unknown.length - NAMED })}` : named;
    say(
      label("readsAll", { count: characters.length }),
      ...(unknown.length ? [label("unknown", { list })] : []),
      ...(unread ? [label("unread", { limit, unread })] : []),
    );
  }
  const element = html(
    "div", { class: "sb-field" },
    html("label", { for: field.id }, label("text")), field, status,
    html("div", { class: "sb-examples" }, html("span", { class: "sb-quiet" }, label("tryText")), ...examples),
  );
  return { element, show };
}
