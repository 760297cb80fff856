// Both networks side by side: their loss under this mask and under the right one, and what they write.
import { html, setText, whenChanged } from "../kit/dom.js";
import { nats } from "./explain.js";
import { TRAINED } from "./study.js";

export function contest({ label }) {
  const head = (text) => html("th", { scope: "col" }, text);
  const parts = TRAINED.map((trained) => {
    const [here, honest] = [html("td", { "data-loss": `${trained}-here` }), html("td", { "data-loss": `${trained}-honest` })];
    const [given, added] = [html("span"), html("b")];
    const text = html("td", { colspan: 3, class: "sb-text" }, `${label("writes")} `,
      html("span", { class: "sb-writing", "data-writing": trained }, given, added));
    const losses = html("tr", {}, html("th", { scope: "row" }, label(`network_${trained}`)), here, honest);
    return { here, honest, given, added, rows: [losses, html("tr", {}, text)] };
  });
  const columns = html("tr", {}, head(label("network")), head(label("lossHere")), head(label("lossHonest")));
  const element = html(
    "div",
    { class: "sb-contest" },
    html("table", {}, html("caption", {}, label("contest")), html("thead", {}, columns),
      html("tbody", {}, ...parts.flatMap(({ rows }) => rows))),
    html("p", { class: "sb-quiet" }, label("contestNote")),
  );
  const shown = (text) => text.replaceAll("\n", "⏎");
  const write = whenChanged((letters, texts) => {
    parts.forEach(({ given, added }, at) => {
      setText(given, shown(letters.join("")));
      setText(added, shown(texts[at]));
    });
  });
  function draw({ letters, loss, honestLoss, written, character }) {
    parts.forEach(({ here, honest }, at) => {
      setText(here, nats(loss[at]));
      setText(honest, nats(honestLoss[at]));
    });
    write(letters, written.map((ids) => ids.map(character).join("")));
  }
  return { element, draw };
}
