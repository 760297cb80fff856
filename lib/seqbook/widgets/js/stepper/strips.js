// States as colours: a column for each character that is read, with c filling beside it, or for each token written.
import { fitCanvas } from "../kit/canvas.js";
import { diverging } from "../kit/colours.js";
import { html, setAttributes } from "../kit/dom.js";
import { clamp } from "../kit/scale.js";
import { visible } from "./describe.js";

const ROW = 2; // height of a unit
const NAMES = 22; // height of the characters' row
const GAP = 20; // between the last character and c
const C = 26; // width of c

// `onColumn(n)` is called as the pointer presses a column or is drawn over some, from 1.
function strip({ onColumn }) {
  const canvas = html("canvas");
  const element = html("div", { class: "sb-strip", role: "img" }, canvas);
  let place = { column: 1, count: 0 };
  const point = (event) => {
    const n = Math.floor((event.clientX - canvas.getBoundingClientRect().left) / place.column) + 1;
    if (place.count) onColumn(clamp(n, 1, place.count));
  };
  canvas.addEventListener("pointerdown", point);
  canvas.addEventListener("pointermove", (event) => event.buttons && point(event));

  function begin(width, height, column, count, name) {
    place = { column, count };
    setAttributes(element, { "aria-label": name });
    return fitCanvas(canvas, width, height);
  }
  return { element, begin };
}

function paintColumn(pen, state, x, width) {
  state.forEach((value, u) => {
    const [red, green, blue, alpha] = diverging(value);
    pen.fillStyle = `rgb(${red} ${green} ${blue} / ${alpha / 255})`;
    pen.fillRect(x, u * ROW, width, ROW);
  });
}

function frame(pen, x, width, height, colour, thick = 1) {
  Object.assign(pen, { strokeStyle: colour, lineWidth: thick });
  pen.strokeRect(x + thick / 2, thick / 2, width - thick, height - thick);
}

export function encoderStrip({ onColumn }) {
  const { element, begin } = strip({ onColumn });

  // Of the `states` the first `t` are shown; `now` is the column that is framed, or null.
  function draw({ states, characters, ids, t, now, width, colours, name }) {
    const [S, H] = [states.length, states[0].length];
    const column = clamp((width - GAP - C) / S, 10, 32);
    const height = H * ROW;
    const pen = begin(S * column + GAP + C, height + NAMES, column, S, name);
    states.slice(0, t).forEach((state, n) => paintColumn(pen, state, n * column, column - 0.5));
    frame(pen, 0, S * column, height, colours.line);
    const right = S * column + GAP;
    paintColumn(pen, states[t - 1], right, C);
    frame(pen, right, C, height, t === S ? colours.accent : colours.edge, t === S ? 2 : 1);
    if (now) frame(pen, (now - 1) * column, column, height + NAMES, colours.accent, 1.5);
    Object.assign(pen, { textAlign: "center", textBaseline: "middle", direction: "ltr" });
    characters.forEach((character, n) => {
      const known = ids[n] > 0;
      pen.font = `${known ? "" : "italic "}${column < 13 ? 11 : 13}px system-ui, sans-serif`;
      pen.fillStyle = !known ? colours.accent : n < t ? colours.ink : colours.soft;
      pen.fillText(visible(character), (n + 0.5) * column, height + NAMES / 2 - (known ? 0 : 1));
      if (!known) pen.fillRect(n * column + 2, height + NAMES - 4, column - 4, 2);
    });
    pen.fillStyle = t === S ? colours.accent : colours.soft;
    const serif = "'STIX Two Text', Cambria, Georgia, serif";
    pen.font = t === S ? `italic bold 17px ${serif}` : `italic 13px ${serif}`;
    pen.fillText(t === S ? "c" : `h(${t})`, right + C / 2 - (t === S ? 0 : 4), height + NAMES / 2);
    pen.font = "15px system-ui, sans-serif";
    pen.fillText("→", S * column + GAP / 2, height / 2);
  }
  return { element, draw };
}

// The columns' width goes to the row of tokens under it.
export function decoderStrip({ onColumn }) {
  const { element, begin } = strip({ onColumn });

  // Of the `states` the first `k` are shown, and the last of them framed.
  function draw({ states, k, column, H, colours, name }) {
    const [L, height] = [states.length, H * ROW];
    const pen = begin(L * column, height, column, L, name);
    states.slice(0, k).forEach((state, n) => paintColumn(pen, state, n * column, column - 0.5));
    frame(pen, 0, L * column, height, colours.line);
    if (k) frame(pen, (k - 1) * column, column, height, colours.accent, 1.5);
  }
  return { element, draw };
}
