// Both networks side by side: their loss in training, under the right mask and under this one, and what they write.
import { html, setText, whenChanged } from "../kit/dom.js";
import { fixed } from "../kit/format.js";
import { nats } from "./explain.js";
import { TRAINED } from "./study.js";

const MASKS = ["training", "right", "here"];

// `V` is how many characters there are to choose from.
export function contest({ label, V }) {
  const head = (text) => html("th", { scope: "col" }, text);
  const parts = TRAINED.map((trained) => {
    const losses = MASKS.map((mask) => html("td", { "data-loss": `${trained}-${mask}` }));
    const [given, added] = [html("span"), html("b")];
    const text = html("td", { colspan: MASKS.length + 1, class: "sb-text" }, `${label("writes")} `,
      html("span", { class: "sb-writing", "data-writing": trained }, given, added));
    const numbers = html("tr", {}, html("th", { scope: "row" }, label(`network_${trained}`)), ...losses);
    return { losses, given, added, rows: [numbers, html("tr", {}, text)] };
  });
  const columns = html("tr", {}, head(label("network")), ...MASKS.map((mask) => head(label(`loss_${mask}`))));
  const element = html(
    "div",
    { class: "sb-contest" },
    html("table", {}, html("caption", {}, label("contest")), html("thead", {}, columns),
      html("tbody", {}, ...parts.flatMap(({ rows }) => rows))),
    html("p", { class: "sb-quiet" }, label("contestNote", { V, even: fixed(Math.log(V)) })),
  );
  const shown = (text) => text.replaceAll("\n", "⏎");
  const write = whenChanged((letters, texts) => {
    parts.forEach(({ given, added }, at) => {
      setText(given, shown(letters.join("")));
      setText(added, shown(texts[at]));
    });
  });
  function draw({ letters, loss, training, right, written, character }) {
    parts.forEach(({ losses }, at) => [training, right, loss].forEach((each, n) => setText(losses[n], nats(each[at]))));
    write(letters, written.map((ids) => ids.map(character).join("")));
  }
  return { element, draw };
}
