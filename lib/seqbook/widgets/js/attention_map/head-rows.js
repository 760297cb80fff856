// One head at one query: a row for each sign that it may look at, with its key, score, weight, and share of the sum.
import { html, setAttributes, setText } from "../kit/dom.js";
import { fixed } from "../kit/format.js";
import { brief } from "./describe.js";
import { strip } from "./rows.js";

const largestOf = (vectors) => Math.max(...vectors.flatMap((vector) => Array.from(vector, Math.abs)));

// `onPick(i)`, i from 0.
export function headRowsView({ label, onPick }) {
  const stripOf = () => html("span", { class: "sb-strip", "aria-hidden": "true" });
  const [asked, query, list] = [html("span"), stripOf(), html("div", { class: "sb-list" })];
  const [weightSum, sum] = [html("output"), html("span", { class: "sb-strip", role: "img" })];
  const element = html("div", { class: "sb-rows sb-head-rows" },
    html("div", { class: "sb-row sb-asked" }, asked, query),
    html("div", { class: "sb-row sb-heads", "aria-hidden": "true" },
      ...["headLooked", "headKey", "headHeadScore", "headHeadWeight", "headShareOf"].map((key) =>
        html("span", {}, label(key)))),
    list,
    html("div", { class: "sb-row sb-sum" },
      html("span", {}, label("sum")), html("span"), html("span"), weightSum, sum));
  const made = [];

  function add() {
    const i = made.length;
    const pick = html("button", { type: "button", class: "sb-pick" });
    const [key, share] = [stripOf(), stripOf()];
    const [score, weight] = [html("span", { class: "sb-number" }), html("output", { "aria-hidden": "true" })];
    pick.addEventListener("click", () => onPick(i));
    const row = html("div", { class: "sb-row" }, pick, key, score, weight, share);
    made.push({ row, pick, key, score, weight, share });
    list.append(row);
  }

  // `names` are those of the keys that the query may look at, `asks` says whose it is; `t` counts from 0, `picked` too.
  function draw({ names, asks, head, t, picked, unit }) {
    while (made.length > names.length) made.pop().row.remove();
    while (made.length < names.length) add();
    const [q, z] = [head.queries[t], head.mixed[t]];
    const keys = head.keys.slice(0, names.length);
    const shares = keys.map((_, s) => head.values[s].map((each) => each * head.weights[t][s]));
    const [mostKey, mostShare] = [largestOf([q, ...keys]), largestOf([z, ...shares])];
    setText(asked, asks);
    setAttributes(query, { style: strip(q, mostKey) });
    made.forEach(({ row, pick, key, score, weight, share }, i) => {
      const texts = {
        i: i + 1, sign: names[i], score: fixed(head.scores[t][i]), weight: brief(head.weights[t][i]),
      };
      setText(pick, names[i]);
      setAttributes(pick, { "aria-pressed": String(i === picked), "aria-label": label("pick", texts) });
      setAttributes(key, { style: strip(keys[i], mostKey) });
      setText(score, texts.score);
      setText(weight, texts.weight);
      setAttributes(share, { style: strip(shares[i], mostShare) });
      setAttributes(row, { class: `sb-row ${i === picked ? "sb-now" : ""}`.trim() });
    });
    setText(weightSum, fixed(head.weights[t].reduce((total, each) => total + each, 0)));
    setAttributes(sum, { style: strip(z, mostShare), "aria-label": label("headSum", { K: z.length }) });
    setAttributes(element, { style: `--unit: ${((unit + 0.5) / z.length) * 100}%` });
  }
  return { element, draw };
}
