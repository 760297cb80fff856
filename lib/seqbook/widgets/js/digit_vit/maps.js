// Attention as maps over the 4×4 places: one head's large, all heads' small, through all blocks, and what erasing does.
import { diverging } from "../kit/colours.js";
import { html, setAttributes, setText, svg } from "../kit/dom.js";
import { percent } from "../kit/format.js";
import { ACROSS, PLACES } from "./network.js";
import { headOf, rowOf } from "./study.js";

const CELL = 10;
const STRIP = 12; // above the places: the class token and its distance

const colour = (value) => {
  const [red, green, blue, alpha] = diverging(value);
  return [`rgb(${red} ${green} ${blue})`, (alpha / 255).toFixed(3)];
};

const css = (value) => colour(value).join(" / ").replace(")", "").concat(")");

// 16 cells and one above them for the class token; `draw(values, token, shade)` with shade(value) in [-1, 1].
function map() {
  const square = (attributes) => svg("rect", { width: CELL, height: CELL, ...attributes });
  const cells = Array.from({ length: PLACES }, (_, place) =>
    square({ x: (place % ACROSS) * CELL, y: STRIP + Math.floor(place / ACROSS) * CELL }));
  const [token, asked] = [square({ x: 0, y: 0 }), square({ class: "sb-asked-of" })];
  const viewBox = `-1 -1 ${ACROSS * CELL + 2} ${STRIP + ACROSS * CELL + 2}`;
  const element = svg("svg", { viewBox, "aria-hidden": "true" }, ...cells, token, asked);
  const paint = (cell, value) => {
    const [fill, opacity] = colour(value);
    setAttributes(cell, { fill, "fill-opacity": opacity });
  };
  function draw({ values, own, shade, query, keep }) {
    cells.forEach((cell, place) => {
      paint(cell, shade(values[place]));
      cell.classList.toggle("sb-gone", !keep[place]);
    });
    token.classList.toggle("sb-none", own === null);
    if (own !== null) paint(token, shade(own));
    const at = query ? cells[query - 1] : token;
    const visibility = query || own !== null ? null : "hidden";
    setAttributes(asked, { x: at.getAttribute("x"), y: at.getAttribute("y"), visibility });
  }
  return { element, draw };
}

// `choose({ layer, head })` and `ask(query)` change the model; N heads, and as many layers as there are.
export function maps({ label, layers, heads, choose, ask }) {
  const small = Array.from({ length: layers * heads }, (_, n) => {
    const [layer, head] = [Math.floor(n / heads) + 1, (n % heads) + 1];
    const picture = map();
    const attributes = { type: "button", class: "sb-head", "data-head": `${layer}-${head}` };
    const button = html("button", attributes, picture.element);
    button.addEventListener("click", () => choose({ layer, head }));
    return { layer, head, picture, button };
  });
  const lines = Array.from({ length: layers }, (_, n) => html("div", { class: "sb-heads" },
    html("span", { class: "sb-heads-name" }, label("block", { layer: n + 1 })),
    ...small.slice(n * heads, (n + 1) * heads).map(({ button }) => button)));

  const [cells, name] = [Array.from({ length: PLACES }, () => html("span")), html("p", { class: "sb-heading" })];
  const tokenCell = html("button", { type: "button", class: "sb-token" });
  tokenCell.addEventListener("click", () => ask(0));
  const large = html("div", { class: "sb-large", "aria-hidden": "true" }, ...cells);
  const through = map();
  const effect = map();
  const figure = (picture, text, kind) =>
    html("figure", { class: `sb-figure sb-${kind}` }, picture.element, html("figcaption", {}, text));
  const summary = html("p", { class: "sb-quiet" }, label("mapScale"));
  const element = html("div", { class: "sb-attention" },
    html("div", {}, name, tokenCell, large, summary),
    html("div", { class: "sb-stack" }, html("div", {}, ...lines), html("div", { class: "sb-figures" },
      figure(through, label("rollout"), "rollout"), figure(effect, label("effects"), "effects"))));

  function draw(scene) {
    const { layer, head, query, keep, effects, first } = scene;
    const rowFor = (matrix) => rowOf(matrix, query, scene);
    for (const each of small) {
      const row = rowFor(headOf(scene, each.layer, each.head));
      each.picture.draw({ values: row.places, own: row.token, shade: Number, query, keep });
      const most = row.places.indexOf(Math.max(...row.places)) + 1;
      setAttributes(each.button, {
        "aria-pressed": String(each.layer === layer && each.head === head),
        "aria-label": label("headName",
          { layer: each.layer, head: each.head, most, share: percent(row.places[most - 1]) }),
      });
    }
    const row = rowFor(headOf(scene, layer, head));
    cells.forEach((cell, place) => {
      cell.style.background = css(row.places[place]);
      cell.classList.toggle("sb-gone", !keep[place]);
      cell.classList.toggle("sb-asked", place === query - 1);
      setText(cell, keep[place] ? percent(row.places[place]) : "×");
    });
    setText(name, label("headShown", { layer, head }));
    setText(tokenCell, row.token === null ? label("meanCell") : label("tokenCell", { share: percent(row.token) }));
    tokenCell.style.background = row.token === null ? "" : css(row.token);
    setAttributes(tokenCell, { "aria-pressed": String(query === 0), "data-first": first });
    const own = rowFor(scene.rollout);
    through.draw({ values: own.places, own: own.token, shade: Number, query, keep });
    const size = Math.max(1e-12, ...effects.map(Math.abs));
    effect.draw({ values: effects, own: null, shade: (value) => -value / size, query: 0, keep });
  }
  return { element, draw };
}
