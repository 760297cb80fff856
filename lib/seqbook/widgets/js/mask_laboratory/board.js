// The mask as cells to paint: queries down, keys across, and beside each row what its position says of its answer.
import { html, setAttributes, setText, whenChanged } from "../kit/dom.js";
import { percent } from "../kit/format.js";
import { line, neighbour } from "./masks.js";
import { numbered, visible } from "./reading.js";

// `paint(cells, may)` sets cells [t, s]; `choose(n)` the position of character n, from 1.
export function board({ label, paint, choose }) {
  const heads = html("div", { class: "sb-row sb-heads", "aria-hidden": "true" });
  const grid = html("div", { class: "sb-cells", role: "grid", "aria-multiselectable": "true" });
  const element = html("div", { class: "sb-board" }, heads, grid);
  let rows = [];
  let scene = { T: 0, mask: [] };
  let focus = [0, 0];
  let stroke = null; // while the pointer is down: { may, last }

  function cell(t, s) {
    const made = html("div", { class: "sb-cell", role: "gridcell", tabindex: -1, "data-t": t, "data-s": s });
    made.addEventListener("focus", () => hold([t, s]));
    return made;
  }

  function row(t, pads) {
    const letter = t < pads ? html("span") : html("button", { type: "button", tabindex: -1 });
    letter.addEventListener("click", () => t >= pads && choose(t - pads + 1));
    const cells = Array.from({ length: scene.T }, (_, s) => cell(t, s));
    const [bar, says] = [html("span", { class: "sb-chance" }), html("span", { class: "sb-says" })];
    const answer = html("div", { class: "sb-answer", role: "gridcell" }, bar, says);
    const head = html("div", { class: "sb-head", role: "rowheader" }, letter);
    const whole = html("div", { class: "sb-row", role: "row" }, head, ...cells, answer);
    return { letter, cells, bar, says, answer, element: whole };
  }

  // One cell at a time can be reached by Tab.
  function hold([t, s]) {
    for (const { cells } of rows) for (const each of cells) if (each.tabIndex === 0) each.tabIndex = -1;
    focus = [t, s];
    rows[t].cells[s].tabIndex = 0;
  }

  const cellUnder = ({ clientX, clientY }) => {
    const corners = [rows[0].cells[0], rows[scene.T - 1].cells[scene.T - 1]];
    const [first, last] = corners.map((each) => each.getBoundingClientRect());
    const at = (place, from, to) => Math.floor(((place - from) / (to - from)) * scene.T);
    const found = [at(clientY, first.top, last.bottom), at(clientX, first.left, last.right)];
    return found.map((each) => Math.min(scene.T - 1, Math.max(0, each)));
  };
  grid.addEventListener("pointerdown", (event) => {
    const { t, s } = event.target.dataset;
    if (s === undefined || event.button !== 0) return;
    event.preventDefault();
    const at = [Number(t), Number(s)];
    stroke = { may: !scene.mask[at[0]][at[1]], last: at };
    grid.setPointerCapture(event.pointerId);
    rows[at[0]].cells[at[1]].focus({ preventScroll: true });
    paint([at], stroke.may);
  });
  grid.addEventListener("pointermove", (event) => {
    if (!stroke) return;
    const at = cellUnder(event);
    if (at.join() === stroke.last.join()) return;
    paint(line(stroke.last, at), stroke.may);
    stroke.last = at;
  });
  for (const ending of ["pointerup", "pointercancel", "lostpointercapture"]) {
    grid.addEventListener(ending, () => {
      stroke = null;
    });
  }
  grid.addEventListener("keydown", (event) => {
    if (event.target.dataset.s === undefined) return;
    const [t, s] = focus;
    if (event.key === " " || event.key === "Enter") {
      event.preventDefault();
      paint([focus], !scene.mask[t][s]);
      return;
    }
    const next = neighbour(event.key, focus, scene.T);
    if (!next) return;
    event.preventDefault();
    if (event.shiftKey) paint(line(focus, next), scene.mask[t][s]);
    rows[next[0]].cells[next[1]].focus();
  });

  // Cells live as long as the number of tokens, so that the keyboard's place survives a stroke.
  const restructure = whenChanged((T, pads) => {
    const held = grid.contains(grid.getRootNode().activeElement);
    rows = Array.from({ length: T }, (_, t) => row(t, pads));
    heads.replaceChildren(...Array.from({ length: T }, () => html("span")));
    grid.replaceChildren(...rows.map((each) => each.element));
    focus = focus.map((each) => Math.min(each, T - 1));
    hold(focus);
    if (held) rows[focus[0]].cells[focus[1]].focus();
  });

  // `scene` is the study's, with `cell`, the side of a cell in pixels.
  function draw(next) {
    scene = next;
    const { T, pads, letters, mask, known, t: time } = scene;
    restructure(T, pads);
    element.style.setProperty("--cell", `${scene.cell}px`);
    element.style.setProperty("--tokens", T);
    setAttributes(grid, { "aria-label": label("grid", { T }) });
    const name = (s) => (s < pads ? label("pad") : visible(letters[s - pads]));
    const now = pads + time - 1;
    rows.forEach(({ letter, cells, answer, bar, says, element: whole }, t) => {
      whole.classList.toggle("sb-now", t === now);
      whole.classList.toggle("sb-of-padding", t < pads);
      setText(letter, t < pads ? "□" : name(t));
      if (t >= pads) {
        setAttributes(letter, {
          "aria-label": label("chooseName", { n: t - pads + 1, letter: name(t) }), "aria-pressed": String(t === now),
        });
      }
      setText(heads.children[t], t < pads ? "□" : name(t));
      heads.children[t].classList.toggle("sb-of-padding", t < pads);
      cells.forEach((each, s) => drawCell(each, { t, s, may: mask[t][s], knows: known[t][s], pads, name }));
      drawAnswer(t - pads, { answer, bar, says });
    });
  }

  function drawCell(element_, { t, s, may, knows, pads, name }) {
    const marks = {
      open: may, future: s > t, "of-padding": s < pads, known: !may && knows && s !== t, own: s === t,
      target: s === t + 1 && t >= pads,
    };
    for (const [mark, on] of Object.entries(marks)) element_.classList.toggle(`sb-${mark}`, on);
    const said = label(may ? "cellOpen" : knows && s !== t ? "cellKnown" : "cellClosed", {
      t: numbered(t, pads), s: numbered(s, pads), query: name(t), key: name(s),
    });
    setAttributes(element_, { "aria-selected": String(may), "aria-label": said });
  }

  function drawAnswer(n, { answer, bar, says }) {
    if (n < 0) {
      setText(says, "");
      setAttributes(answer, { "aria-label": label("noAnswer") });
      return;
    }
    const { asked, letters, character } = scene;
    const last = n === letters.length - 1;
    const text = visible(last ? character(asked[n]) : letters[n + 1]);
    const p = percent(scene.answer[n]);
    setText(says, `${text}${last ? "?" : ""} ${p}`);
    bar.style.width = `${(100 * scene.answer[n]).toFixed(1)}%`;
    setAttributes(answer, { "aria-label": label(last ? "favourite" : "answerOf", { letter: text, p }) });
  }
  return { element, draw };
}
