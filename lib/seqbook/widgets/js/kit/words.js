// What a picture shows, in sentences and equations.
import { html, whenChanged } from "./dom.js";
import { math } from "./math.js";

// An element whose text is replaced only when it is another: screen readers announce what is replaced here.
export function spoken(element, nodesOf = (text) => [math(text)]) {
  return { element, say: whenChanged((...texts) => element.replaceChildren(...nodesOf(...texts))) };
}

// A panel of lines, each [kind, text] with kind "equation" or "sentence".
export function words() {
  const line = ([kind, text]) =>
    html("p", { class: kind === "equation" ? "sb-equation" : null }, math(text, kind === "equation"));
  return spoken(html("div", { class: "sb-words", "aria-live": "polite" }), (...lines) => lines.map(line));
}
