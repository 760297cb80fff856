// A row for each sign of the source: its score, its weight to drag, its share of the context vector; and what arrives
// there on the way back.
import { diverging } from "../kit/colours.js";
import { html, setAttributes, setText } from "../kit/dom.js";
import { fixed, significant } from "../kit/format.js";
import { norm } from "../kit/vectors.js";
import { brief } from "./describe.js";

// The numbers of a vector as a strip of colours, `most` the one that is coloured fully; CSS, no canvas.
export function strip(vector, most) {
  const share = 100 / vector.length;
  const stops = Array.from(vector, (value, u) => {
    const [red, green, blue, alpha] = diverging(most > 0 ? value / most : 0);
    const [from, to] = [u, u + 1].map((each) => `${(each * share).toFixed(2)}%`);
    return `rgb(${red} ${green} ${blue} / ${(alpha / 255).toFixed(2)}) ${from} ${to}`;
  });
  return `background-image: linear-gradient(to right, ${stops.join(", ")})`;
}

const largestOf = (vectors) => Math.max(...vectors.flatMap((vector) => Array.from(vector, Math.abs)));

// `onWeight(i, weight)` and `onPick(i)`, i from 0.
export function rowsView({ label, H, onWeight, onPick }) {
  const vectorHead = html("span");
  const heads = html("div", { class: "sb-row sb-heads", "aria-hidden": "true" },
    html("span", {}, label("headSign")), html("span", {}, label("headScore")), html("span", {}, label("headWeight")),
    html("span"), vectorHead);
  const list = html("div", { class: "sb-list" });
  const [weightSum, sumStrip] = [html("output"), html("span", { class: "sb-strip", role: "img" })];
  const sum = html("div", { class: "sb-row sb-sum" },
    html("span", {}, label("sum")), html("span"), html("span"), weightSum, sumStrip);
  const element = html("div", { class: "sb-rows" }, heads, list, sum);
  const made = [];

  function add() {
    const i = made.length;
    const pick = html("button", { type: "button", class: "sb-pick" });
    const score = html("span", { class: "sb-number" });
    const limits = { min: 0, max: 1, step: 0.01 };
    const input = html("input", { type: "range", ...limits, "data-trait": "moved", "data-entry": i + 1 });
    const weight = html("output", { "aria-hidden": "true" });
    const share = html("span", { class: "sb-strip", "aria-hidden": "true" });
    const back = html("p", { class: "sb-gradients" });
    pick.addEventListener("click", () => onPick(i));
    input.addEventListener("input", () => onWeight(i, input.valueAsNumber));
    const row = html("div", { class: "sb-row" }, pick, score, input, weight, share, back);
    made.push({ row, pick, score, input, weight, share, back });
    list.append(row);
  }

  // `names` are the source's, `step` is one of study.js's, `back` network.backward's or null, `picked` from 0.
  function draw({ names, states, step, back, picked, unit, t }) {
    while (made.length > names.length) made.pop().row.remove();
    while (made.length < names.length) add();
    const shares = back ? back.dStates : states.map((h, i) => h.map((each) => each * step.weights[i]));
    const most = largestOf(back ? shares : [...shares, step.context]);
    setText(vectorHead, label(back ? "headGradient" : "headVector"));
    made.forEach(({ row, pick, score, input, weight, share, back: gradients }, i) => {
      const texts = { i: i + 1, sign: names[i], score: fixed(step.scores[i]), weight: brief(step.weights[i]) };
      setText(pick, names[i]);
      setAttributes(pick, { "aria-pressed": String(i === picked), "aria-label": label("pick", texts) });
      setText(score, texts.score);
      setText(weight, texts.weight);
      const value = step.weights[i].toFixed(2);
      if (Math.abs(input.valueAsNumber - step.weights[i]) > 0.006) input.value = value;
      setAttributes(input, {
        disabled: step.mode === "off", "aria-label": label("weightOf", { sign: names[i], t }),
        "aria-valuetext": texts.weight,
      });
      setAttributes(share, { style: strip(shares[i], most) });
      gradients.hidden = !back;
      setAttributes(row, { class: `sb-row ${i === picked ? "sb-now" : ""}`.trim() });
      if (!back) return;
      const found = {
        sign: names[i], weight: significant(back.dWeights[i], 2), score: significant(back.dScores[i], 2),
        state: significant(norm(back.dStates[i]), 2), input: significant(norm(back.dInputs[i]), 2),
      };
      setText(gradients, label("gradients", found));
      setAttributes(gradients, { "aria-label": label("gradientsOf", found) });
    });
    const all = step.weights.reduce((total, each) => total + each, 0);
    setText(weightSum, fixed(all));
    const inAll = back ? strip(back.dContext, largestOf([back.dContext])) : strip(step.context, most);
    setAttributes(sumStrip, { style: inAll, "aria-label": label("vectorSum", { H }) });
    setAttributes(element, { style: `--unit: ${((unit + 0.5) / H) * 100}%` });
  }
  return { element, draw };
}
