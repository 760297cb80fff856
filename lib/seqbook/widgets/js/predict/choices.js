// The answers to choose from; once a guess is kept, the one guessed and the right one are marked in place.
import { html, uniqueId } from "../kit/dom.js";
import { marks } from "./marks.js";

export function choices({ model, label, choose }) {
  const answers = model.get("answers");
  const group = uniqueId("answers");
  const rows = answers.map((answer, value) => {
    const input = html("input", { type: "radio", name: group, value, "data-trait": "guess" });
    input.addEventListener("change", () => choose(value));
    const said = html("span", { class: "sb-answer-text" }, html("span", {}, answer));
    return { input, said, answer, element: html("label", { class: "sb-answer" }, input, said) };
  });
  const element = html(
    "fieldset",
    { class: "sb-answers" },
    html("legend", { class: "sb-question" }, model.get("question")),
    ...rows.map((row) => row.element),
  );

  function show(chosen, guess) {
    const right = guess === null ? null : model.get("right");
    rows.forEach(({ input, said, answer, element: row }, value) => {
      input.checked = value === (guess ?? chosen);
      input.disabled = guess !== null;
      row.classList.toggle("sb-taken", input.checked);
      row.classList.toggle("sb-settled", guess !== null);
      row.classList.toggle("sb-right", value === right);
      said.replaceChildren(html("span", {}, answer), ...marks(label, value === guess, value === right));
    });
  }

  // What is said of a kept guess. That the answer is named here, too, is for those who only hear the result.
  function result(guess) {
    const right = model.get("right");
    const named = label("answerIs", { answer: answers[right] });
    return [
      html("p", { class: "sb-verdict" }, label(guess === right ? "hit" : "miss")),
      html("p", { class: "sb-heard" }, named),
    ];
  }
  return { element, show, result, first: rows[0].input };
}
