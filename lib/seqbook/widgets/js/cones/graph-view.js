// The drawing: letters, the states of both readers, the outputs, and what of it the chosen output is computed from.
import { tint } from "../kit/colours.js";
import { setAttributes, setText, svg, whenChanged } from "../kit/dom.js";
import { inCone } from "./cone.js";
import { moved, percent, points } from "./figures.js";
import { READERS } from "./network.js";
import { BOX, CHIP, edges, frame, head, line, neighbour, place, RADIUS, ROWS } from "./layout.js";

const FAINT = 0.22; // opacity of what lies outside the cone
const PALE = 0.6; // of a number outside it: what moves there can still be read

// `press(row, n)`: an output or a letter was chosen.
export function graphView({ label, press }) {
  const edgeLayer = svg("g");
  const columnLayer = svg("g");
  const element = svg("svg", { role: "group", "aria-label": label("graph") }, edgeLayer, columnLayer);
  let parts = { columns: [], edges: [] };
  let T = 0;

  function button(row, n, ...children) {
    const attributes = { class: `sb-at-${row}`, role: "button", tabindex: -1, "data-row": row, "data-n": n };
    const group = svg("g", attributes, ...children);
    group.addEventListener("click", () => press(row, n));
    group.addEventListener("keydown", (event) => {
      if (event.key === "Enter" || event.key === " ") {
        event.preventDefault();
        return press(row, n);
      }
      const next = neighbour([row, n], event.key, T);
      if (next === undefined) return undefined;
      event.preventDefault();
      return next && find(...next).focus();
    });
    return group;
  }
  const find = (row, n) => parts.columns[n - 1][row].group;

  const centred = { width: CHIP.width, height: CHIP.height, x: -CHIP.width / 2, y: -CHIP.height / 2, rx: 6 };
  const square = { width: BOX, height: BOX, x: -BOX / 2, y: -BOX / 2, rx: 5 };

  function column(n) {
    const made = {};
    for (const row of ["forward", "backward"]) {
      const [fill, value] = [svg("circle", { class: "sb-fill", r: RADIUS }), svg("text", { y: 3.5 })];
      const group = svg("g", { class: `sb-state sb-${row}` }, svg("circle", { class: "sb-base", r: RADIUS }), fill,
        svg("circle", { class: "sb-rim", r: RADIUS }), value);
      made[row] = { group, fill, value };
    }
    const [letter, note] = [svg("text", { y: 6 }), svg("text", { class: "sb-aside", y: ROWS.note - ROWS.letter })];
    made.letter = { group: button("letter", n, svg("rect", square), letter, note), letter, note };
    if (n < T) {
      const [fill, value] = [svg("rect", { ...centred, class: "sb-fill" }), svg("text", { y: 4 })];
      const shift = svg("text", { class: "sb-aside", y: ROWS.moved - ROWS.output });
      const group = button("output", n, svg("rect", { ...centred, class: "sb-base" }), fill,
        svg("rect", { ...centred, class: "sb-rim" }), value, shift);
      made.output = { group, fill, value, shift };
    }
    return made;
  }

  // Elements live as long as the number of letters, so that the keyboard's place survives a change of numbers.
  const restructure = whenChanged((count) => {
    const held = columnLayer.querySelector(":focus")?.dataset;
    T = count;
    parts = {
      columns: Array.from({ length: T }, (_, index) => column(index + 1)),
      edges: edges(T).map((edge) => {
        const [path, tip] = [svg("path"), svg("polygon")];
        return { edge, path, tip, group: svg("g", { class: `sb-edge sb-${edge.kind}` }, path, tip) };
      }),
    };
    edgeLayer.replaceChildren(...parts.edges.map(({ group }) => group));
    columnLayer.replaceChildren(...parts.columns.flatMap((made) => Object.values(made).map(({ group }) => group)));
    if (held) parts.columns[held.n - 1]?.[held.row]?.group.focus();
  });

  const lay = whenChanged((count, width) => {
    const box = frame(count, width);
    setAttributes(element, { viewBox: `0 0 ${box.width} ${box.height}`, width: box.width, height: box.height });
    parts.columns.forEach((made, index) => {
      for (const [row, { group }] of Object.entries(made)) {
        setAttributes(group, { transform: `translate(${place(row, index + 1, box).join(" ")})` });
      }
    });
    for (const { edge, path, tip } of parts.edges) {
      const ends = line(edge, box);
      setAttributes(path, { d: `M${ends[0]} ${ends[1]}L${ends[2]} ${ends[3]}` });
      setAttributes(tip, { points: head(ends) });
    }
  });

  // `scene` is explain.js's, with the room there is and which letters the network knows.
  function draw(scene) {
    const { letters, width, time, reader } = scene;
    restructure(letters.length);
    lay(letters.length, width);
    const inside = (row, n) =>
      row === "output" ? n === time : inCone[row](reader, time, n);
    for (let n = 1; n <= T; n += 1) drawColumn(n, scene, inside);
    for (const { edge, group } of parts.edges) {
      const [toRow, m] = edge.to;
      const lit = toRow === "output"
        ? m === time && (reader === "both" || reader === edge.kind)
        : inside(toRow, m) && (edge.from[0] === "letter" || inside(...edge.from));
      group.classList.toggle("sb-lit", lit);
      setAttributes(group, { opacity: lit ? null : FAINT });
    }
  }

  function drawColumn(n, scene, inside) {
    const { letters, shown, known, changed, change, time, answer } = scene;
    const made = parts.columns[n - 1];
    const largest = changed ? Math.max(...changed.forward, ...changed.backward, 1e-12) : 1;
    for (const row of ["forward", "backward"]) {
      const { group, fill, value } = made[row];
      const move = changed?.[row][n - 1];
      group.classList.toggle("sb-inside", inside(row, n));
      group.classList.toggle("sb-moving", Boolean(changed));
      setAttributes(group, { opacity: inside(row, n) ? null : changed ? PALE : FAINT });
      setAttributes(fill, { style: changed ? `fill-opacity: ${(0.55 * tint(move / largest)).toFixed(3)}` : null });
      setText(value, changed ? moved(move) : "");
    }
    const { group, letter, note } = made.letter;
    setText(letter, shownLetter(shown[n - 1]));
    const isChanged = Boolean(changed) && n === change;
    const isAnswer = n === answer;
    const notes = [isChanged ? `${shownLetter(letters[n - 1])}→` : "", isAnswer ? label("answer") : ""];
    setText(note, notes.filter(Boolean).join(" "));
    for (const [name, on] of [["changed", isChanged], ["answer", isAnswer], ["unknown", !known(shown[n - 1])]]) {
      group.classList.toggle(`sb-${name}`, on);
    }
    group.classList.toggle("sb-inside", inside("letter", n));
    setAttributes(group, {
      opacity: inside("letter", n) || isAnswer || isChanged ? null : PALE,
      tabindex: n === (change ?? 1) ? 0 : -1,
      "aria-pressed": String(n === change),
      "aria-label": label("letterName", { n, letter: shown[n - 1] }) + (changed ? `, ${movesOf(n, changed)}` : ""),
    });
    if (made.output) drawOutput(n, scene, made.output, n === time);
  }

  const movesOf = (n, { forward, backward }) =>
    label("moveName", { forward: moved(forward[n - 1]), backward: moved(backward[n - 1]) });

  function drawOutput(n, { shown, run, changed, reader, isNext }, { group, fill, value, shift }, chosen) {
    const at = READERS.indexOf(reader);
    const before = run.probability[at][n - 1];
    const now = changed ? changed.run.probability[at][n - 1] : before;
    setText(value, isNext ? "?" : percent(now));
    setText(shift, changed && !isNext ? points(now - before) : "");
    setAttributes(fill, { style: `fill-opacity: ${isNext ? 0 : (0.45 * now).toFixed(3)}` });
    group.classList.toggle("sb-chosen", chosen);
    setAttributes(group, {
      tabindex: chosen ? 0 : -1,
      "aria-pressed": String(chosen),
      "aria-label": label(isNext ? "outputNext" : "outputName",
        { n, letter: shown[n - 1], p: percent(now) }),
    });
  }
  return { element, draw };
}

// A letter as one can see it: control characters as one sign.
export const shownLetter = (letter) => (/^\p{C}$/u.test(letter) ? "\uFFFD" : letter);
