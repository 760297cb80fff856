// The sentence with the spaces that the chosen reader puts, compared with those the reader of the page typed.
import { html, whenChanged } from "../kit/dom.js";
import { agreement } from "./reading.js";
import { shownLetter } from "./graph-view.js";

export function restored(label) {
  const sentence = html("span", { class: "sb-restored" });
  const words = html("span", { class: "sb-quiet" });
  const heading = html("span", { class: "sb-heading" }, label("restored"));
  const element = html("p", { "aria-live": "polite" }, heading, " ", sentence, " ", words);

  const paint = whenChanged((letters, spaced, probabilities) => {
    const { typed, found, extra, missed } = agreement(spaced, probabilities);
    const mark = (n) => {
      if (found.includes(n) || (!typed && extra.includes(n))) return [" "];
      if (extra.includes(n)) return [html("span", { class: "sb-extra", title: label("extra") }, "␣")];
      if (missed.includes(n)) return [html("span", { class: "sb-missed", title: label("missed") }, "·")];
      return [];
    };
    sentence.replaceChildren(...letters.flatMap((letter, n) => [shownLetter(letter), ...mark(n + 1)]));
    words.replaceChildren(typed ? label("agreement", { found: found.length, typed, extra: extra.length }) : "");
  });
  return { element, draw: paint };
}
