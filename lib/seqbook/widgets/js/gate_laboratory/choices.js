// What the colours show, of which unit, and in which order the units stand.
import { select } from "../kit/controls.js";
import { html, setText, uniqueId, whenChanged } from "../kit/dom.js";
import { fixed } from "../kit/format.js";
import { knobs } from "../kit/knobs.js";
import { assign } from "../kit/model.js";
import { math } from "../kit/math.js";
import { spoken } from "../kit/words.js";
import { boundsOf, rampOf, SYMBOLS } from "./quantities.js";

export function choices({ model, label, study }) {
  const { quantity: { options: quantities }, sort: { options: sorts } } = model.get("limits");
  const knob = knobs(model, label);

  const group = uniqueId("quantity");
  const radios = quantities.map((quantity) => {
    const input = html("input", { type: "radio", name: group, value: quantity, "data-trait": "quantity" });
    input.addEventListener("change", () => assign(model, { quantity }));
    const symbol = html("i", { class: "sb-math" }, SYMBOLS[quantity]);
    const name = html("span", {}, symbol, ` ${label(`quantity_${quantity}`)}`);
    return { quantity, input, element: html("label", { class: "sb-choice" }, input, name) };
  });
  const ramp = [html("span"), html("span", { class: "sb-ramp" }), html("span")];
  const sort = knob.marked(
    select({
      label: label("sort"),
      options: sorts.map((name) => [name, label(`sort_${name}`)]),
      onInput: (name) => assign(model, { sort: name, unit: null }), // the first in the new order
    }),
    "sort",
  );
  const unit = knob.marked(
    select({ label: label("unit"), options: [], onInput: (value) => assign(model, { unit: Number(value) }) }),
    "unit",
  );
  const follows = spoken(html("p", { class: "sb-quiet" }), (line) => [math(line, true)]);
  const offer = whenChanged((...units) => {
    const name = ([value, r]) => (r === null ? String(value) : `${value} (r = ${r})`);
    unit.input.replaceChildren(...units.map((each) => html("option", { value: each[0] }, name(each))));
  });
  let offered = null; // the order that the choice of a unit lists
  const elements = [
    html(
      "fieldset",
      { class: "sb-quantities" },
      html("legend", {}, label("quantity")),
      ...radios.map(({ element }) => element),
    ),
    html(
      "div",
      { class: "sb-grid" },
      sort.element,
      unit.element,
      html("div", { class: "sb-legend", "aria-hidden": "true" }, ...ramp),
    ),
    follows.element,
  ];

  // `reach` is the largest size of the chosen unit's cell state.
  function show(chosen, reach) {
    const quantity = model.get("quantity");
    for (const { quantity: each, input } of radios) input.checked = each === quantity;
    ramp[1].style.backgroundImage = rampOf(quantity);
    boundsOf(quantity, reach).forEach((bound, n) => setText(ramp[2 * n], fixed(bound, quantity === "c" ? 1 : 0)));

    const name = model.get("sort");
    sort.show(name);
    for (const option of sort.input.options) {
      const absent = study.isAbsent(option.value);
      option.disabled = absent && option.value !== name;
      setText(option, label(`sort_${option.value}`) + (absent ? ` (${label("noFeature")})` : ""));
    }
    if (study.order !== offered) {
      offered = study.order;
      offer(...offered.map((each) => [each.unit, each.r === null ? null : fixed(each.r)]));
    }
    unit.show(chosen);
    const { r } = study.order.find((each) => each.unit === chosen);
    follows.element.hidden = r === null;
    if (r === null) return;
    const symbol = quantity === "c" ? "tanh C" : SYMBOLS[quantity];
    follows.say(label("follows", { symbol, unit: chosen, feature: label(`sort_${name}`), r: fixed(r) }));
  }
  return { elements, show };
}
