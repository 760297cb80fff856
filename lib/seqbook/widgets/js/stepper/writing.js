// The text that the encoder reads, as the reader writes it; examples; and what of it the model does not know.
import { examples, textField } from "../kit/text-field.js";
import { apart, visible } from "./describe.js";

const EXAMPLES = ["2026년 3월 9일 월요일", "26. 3. 9.", "2026년 3월", "안녕하세요"];
const NAMED = 8; // unknown characters that are named

// `rewrite(text)` is called with a text that the reader wrote or chose.
export function writing({ label, limit, rewrite }) {
  const field = textField({ name: label("text"), onText: rewrite });
  field.element.append(examples({ name: label("tryText"), texts: EXAMPLES, lang: "ko", onPick: rewrite }));

  function show(text, { characters, unknown, unread }) {
    field.show(text);
    const named = unknown.slice(0, NAMED).map((character) => `“${apart(visible(character))}”`).join(" ");
    const list = unknown.length > NAMED ? `${named} ${label("more", { count: unknown.length - NAMED })}` : named;
    field.say(
      label("readsAll", { count: characters.length }),
      ...(unknown.length ? [label("unknown", { list })] : []),
      ...(unread ? [label("unread", { limit, unread })] : []),
    );
  }
  return { element: field.element, show };
}
