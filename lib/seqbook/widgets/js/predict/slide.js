// The slider to guess a number with; once a guess is kept, an axis with the guess and the computed value.
import { slider } from "../kit/controls.js";
import { html, svg } from "../kit/dom.js";
import { guessMark, rightMark } from "./marks.js";
import { scale, sentences } from "./outcome.js";

export function slide({ model, label, choose }) {
  const get = (trait) => model.get(trait);
  const [low, high, step, unit] = ["low", "high", "step", "unit"].map(get);
  const numbers = scale({ low, high, step, unit });
  let waiting = true; // until the reader has chosen
  const control = slider({
    label: get("question"),
    min: low,
    max: high,
    step,
    format: (value) => (waiting ? label("unset") : numbers.guess(value)),
    onInput: (value) => choose(value),
  });
  const { input } = control;
  // Where it stands may be what the reader means: a press there chooses it, though the slider does not move.
  const take = () => choose(Number(input.value));
  input.addEventListener("pointerup", take);
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    take();
  });
  input.dataset.trait = "guess";
  control.element.classList.add("sb-slide");
  const output = control.element.querySelector("output");
  control.element.querySelector("label").classList.add("sb-question");
  const ends = html("div", { class: "sb-ends" }, ...[low, high].map((end) => html("span", {}, numbers.guess(end))));
  const shown = html("div");
  const element = html("div", {}, control.element, shown, ends);

  function show(chosen, guess) {
    waiting = guess === null && chosen === null;
    control.show(guess ?? chosen ?? numbers.middle);
    for (const each of [input, output]) each.hidden = guess !== null;
    control.element.classList.toggle("sb-waiting", waiting);
    shown.replaceChildren(...(guess === null ? [] : [axis(guess, get("right"))]));
  }

  function axis(guess, right) {
    const [at, goal] = [guess, right].map((value) => `${numbers.percent(value)}%`);
    const [own, computed] = [numbers.guess(guess), numbers.right(right)];
    const place = (mark, x) => {
      mark.style.setProperty("--sb-at", x);
      return mark;
    };
    const words = { low: numbers.guess(low), high: numbers.guess(high), guess: own, right: computed };
    const diamond = svg("svg", { x: goal, y: 14, class: "sb-goal" }, svg("path", { d: "M0-8 8 0 0 8-8 0Z" }));
    const picture = svg(
      "svg",
      { class: "sb-picture", "aria-hidden": "true" },
      svg("line", { class: "sb-rail", x1: "0%", x2: "100%", y1: 14, y2: 14 }),
      ...[0, 25, 50, 75, 100].map((x) => svg("line", { class: "sb-rail", x1: `${x}%`, x2: `${x}%`, y1: 10, y2: 18 })),
      svg("line", { class: "sb-gap", x1: at, x2: goal, y1: 14, y2: 14 }),
      svg("circle", { class: "sb-own", cx: at, cy: 14, r: 6.5 }),
      diamond,
    );
    return html(
      "div",
      { class: "sb-axis", role: "img", "aria-label": label("axis", words) },
      place(rightMark(`${label("value")} ${computed}`), goal),
      picture,
      place(guessMark(`${label("guess")} ${own}`), at),
    );
  }

  const result = (guess) => {
    const [both, said] = sentences({ guess, right: get("right"), low, high, step, unit }, label);
    return [html("p", {}, `${both} `, html("strong", {}, said))];
  };
  return { element, show, result, first: input };
}
