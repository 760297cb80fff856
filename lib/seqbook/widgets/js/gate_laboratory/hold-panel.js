// Where the reader holds gates: at which steps, in which units, at what value; and the list of what is held.
import { button, select, slider } from "../kit/controls.js";
import { html, setAttributes, setText, whenChanged } from "../kit/dom.js";
import { fixed } from "../kit/format.js";
import { math } from "../kit/math.js";
import { assign } from "../kit/model.js";
import { clampAt, released, withClamp } from "./clamps.js";
import { clampWords } from "./describe.js";
import { HELD, SYMBOLS } from "./quantities.js";

const SPAN = 10; // steps of a range until the reader moves its ends

// `now()` is the chosen step, `last()` the last one, `nameOf(t)` what stands at a step.
export function holdPanel({ label, model, now, last, nameOf }) {
  const where = select({
    label: label("where"),
    options: ["here", "onward", "all", "range"].map((place) => [place, label(`where_${place}`, { t: 1 })]),
    onInput: (place) => {
      if (place === "range") [now(), Math.min(last(), now() + SPAN - 1)].forEach((t, n) => ends[n].show(t));
      showEnds();
    },
  });
  const ends = ["from", "to"].map((end) =>
    slider({
      label: label(end),
      min: 1,
      max: 2,
      step: 1,
      format: String,
      onInput: (t) => ends[end === "to" ? 1 : 0].show(t),
    }),
  );
  const who = select({
    label: label("who"),
    options: ["all", "unit"].map((each) => [each, label(`who_${each}`, { unit: 0 })]),
    onInput: () => {},
  });

  // Where and in which units a gate is to be held.
  function place() {
    const [from, to] = ends.map(({ input }) => Number(input.value));
    const spans = {
      here: [now(), now()],
      onward: [now(), null],
      all: [1, null],
      range: [Math.min(from, to), Math.max(from, to)],
    };
    const [start, end] = spans[where.input.value];
    return { start, end, unit: who.input.value === "all" ? null : model.get("unit") };
  }
  const clamps = () => model.get("clamps");
  const hold = (gate, value) => assign(model, { clamps: withClamp(clamps(), { gate, value, ...place() }) });
  const release = (gate) => assign(model, { clamps: released(clamps(), gate, model.get("unit"), now()) });

  const cards = HELD.map((gate) => {
    const free = [label("free"), null];
    const { min, max, step } = model.get("limits").clamps[gate];
    const levels = min < 0
      ? [["−1", min], ["0", 0], free, ["+1", max]]
      : [[label("shut"), min], free, [label("open"), max]];
    const choices = levels.map(([name, level]) => {
      const control = button({ label: name, onPress: () => (level === null ? release(gate) : hold(gate, level)) });
      return { level, input: control.input };
    });
    const name = label(`quantity_${gate}`);
    const level = slider({
      label: label("holdName", { gate: name }),
      min,
      max,
      step,
      format: (number) => fixed(number),
      onInput: (number) => hold(gate, number),
    });
    const value = html("output", {});
    const title = html(
      "p",
      { class: "sb-heading" },
      html("i", { class: "sb-math" }, SYMBOLS[gate]),
      ` ${name} `,
      value,
    );
    const choice = html("div", { class: "sb-switch" }, ...choices.map(({ input }) => input));
    const element = html(
      "div", { class: "sb-card", role: "group", "aria-label": name, "data-gate": gate }, title, choice, level.element,
    );
    level.input.dataset.trait = "clamps";
    return { gate, value, choices, level, element };
  });

  const list = html("ul", { class: "sb-held-list", "aria-label": label("holding") });
  const drop = (words, n) => {
    const chip = html("button", { type: "button", class: "sb-chip", "aria-label": label("releaseOne", { words }) });
    chip.append(html("span", {}, math(words, true)), html("span", { "aria-hidden": "true" }, "×"));
    chip.addEventListener("click", () => assign(model, { clamps: clamps().filter((_, m) => m !== n) }));
    return html("li", {}, chip);
  };
  const showList = whenChanged((...lines) => {
    const nothing = html("li", { class: "sb-quiet" }, label("holdingNothing"));
    list.replaceChildren(...(lines.length ? lines.map(drop) : [nothing]));
  });
  const releaseAll = button({ label: label("release"), onPress: () => assign(model, { clamps: [] }) });

  function showEnds() {
    for (const { element } of ends) element.hidden = where.input.value !== "range";
  }

  // `values` are the unit's numbers at step t, or null while they are not computed.
  function show({ T, t, unit, values }) {
    setText(where.input.options[0], label("where_here", { t }));
    setText(who.input.options[1], label("who_unit", { unit }));
    for (const { input, show: showEnd } of ends) {
      input.max = T;
      showEnd(Math.min(T, Number(input.value)));
    }
    for (const { gate, value, choices, level, element } of cards) {
      const there = clampAt(clamps(), gate, unit, t);
      setText(value, values ? fixed(values[gate]) : "…");
      for (const { level: each, input } of choices) {
        setAttributes(input, { "aria-pressed": String(each === null ? !there : there?.value === each) });
      }
      if (values) level.show(there ? there.value : Number(values[gate].toFixed(2)));
      element.classList.toggle("sb-is-held", Boolean(there));
    }
    showList(...clamps().map((clamp) => clampWords(clamp, { label, T, name: nameOf })));
    releaseAll.input.hidden = clamps().length === 0;
  }

  showEnds();
  const heading = html("p", { class: "sb-heading" }, label("hold"));
  const element = html(
    "div",
    { class: "sb-stack sb-hold", role: "group", "aria-label": label("hold") },
    html("div", { class: "sb-grid" }, heading, where.element, who.element, ...ends.map((end) => end.element)),
    html("div", { class: "sb-cards" }, ...cards.map((card) => card.element)),
    html("div", { class: "sb-bar" }, list, releaseAll.input),
  );
  return { element, show };
}
