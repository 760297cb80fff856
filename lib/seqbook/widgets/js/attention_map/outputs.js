// What may be written at a step: the likeliest signs, and which of them the gradient starts from.
import { html, setAttributes, setText } from "../kit/dom.js";
import { brief, ranked, targetName } from "./describe.js";
import { visible } from "./signs.js";

const SHOWN = 6;

export function outputsView({ label, onPick }) {
  const heading = html("p", { class: "sb-heading" });
  const buttons = Array.from({ length: SHOWN }, () => {
    const [name, p, bar] = [html("b"), html("span"), html("i", { "aria-hidden": "true" })];
    const input = html("button", { type: "button" }, bar, name, p);
    input.addEventListener("click", () => onPick(input.dataset.token));
    return { input, name, p, bar };
  });
  const group = { class: "sb-outputs", role: "group", "aria-label": label("outputsHint") };
  const list = html("div", group, ...buttons.map(({ input }) => input));
  const element = html("div", {}, heading, list, html("p", { class: "sb-quiet" }, label("outputsHint")));

  // `chosen` is the token that the gradient starts from; where it is not among the likeliest it takes the last place.
  function draw({ task, logProbs, chosen, t, backward }) {
    setText(heading, label("outputs", { t }));
    const likely = ranked(logProbs).filter((token) => token !== task.start).slice(0, SHOWN);
    if (backward && !likely.includes(chosen)) likely[SHOWN - 1] = chosen;
    buttons.forEach(({ input, name, p, bar }, n) => {
      const token = likely[n];
      input.hidden = token === undefined;
      if (input.hidden) return;
      const probability = Math.exp(logProbs[token]);
      const share = brief(probability);
      setText(name, visible(task.target[token]));
      setText(p, share);
      setAttributes(bar, { style: `width: ${(100 * probability).toFixed(1)}%` });
      setAttributes(input, {
        "data-token": task.target[token], "aria-pressed": String(backward && token === chosen),
        "aria-label": label("candidate", { sign: targetName(token, task, label), p: share }),
      });
    });
  }
  return { element, draw };
}
