// One unit's cell at one step: the cell state as a line that runs through, the four gates below it, with their values.
import { html, setAttributes, setText, svg, whenChanged } from "../kit/dom.js";
import { fixed } from "../kit/format.js";
import { ABOVE, BELOW } from "../kit/colours.js";
import { HELD, SYMBOLS } from "./quantities.js";

export const HEIGHT = 272;
const LINE = 50; // the cell state's height
const PRODUCT = 114; // where i meets the candidate
const GATE = { y: 142, height: 46 };
const ROOMY = 420; // from this width on the gates' functions stand beside their names
const BUS = 222; // h(t-1) and x(t) on their way to the gates

// The places of everything in a drawing so wide.
export function layout(width) {
  const at = (share) => Math.round(share * width);
  return {
    width,
    gates: { f: at(0.2), i: at(0.41), g: at(0.59), o: at(0.78) },
    box: Math.min(72, at(0.165)),
    middle: at(0.5),
    out: at(0.9),
    left: 4,
    right: width - 4,
  };
}

// How thick the cell state's line is where it carries `value`.
export const thickness = (value, reach) => 1.5 + 9 * Math.min(1, Math.abs(value) / reach);

function symbol(letter, step) {
  return [
    svg("tspan", { class: "sb-letter" }, letter),
    ...(step === undefined ? [] : [svg("tspan", { class: "sb-raised", dy: "-0.5em" }, `(${step})`)]),
  ];
}

export function cellDrawing({ label }) {
  const wires = svg("g", { class: "sb-wires" });
  const flows = ["before", "kept", "after"].map(() => svg("line", { class: "sb-flow" }));
  const operators = svg("g", { class: "sb-operators" });
  const gates = Object.fromEntries(
    HELD.map((gate) => {
      const parts = {
        frame: svg("rect", { class: "sb-gate", rx: 6 }),
        fill: svg("rect", { class: "sb-fill" }),
        letter: svg("text", { class: "sb-symbol" }, ...symbol(SYMBOLS[gate])),
        value: svg("text", { class: "sb-number" }),
        name: svg("text", { class: "sb-name" }),
      };
      return [gate, { ...parts, group: svg("g", {}, parts.frame, parts.fill, parts.letter, parts.value, parts.name) }];
    }),
  );
  const text = (kind) => svg("text", { class: kind });
  const labels = {
    before: text("sb-symbol"),
    beforeValue: text("sb-number"),
    keptValue: text("sb-number"),
    addedValue: text("sb-number"),
    after: text("sb-symbol"),
    afterValue: text("sb-number"),
    hBefore: text("sb-symbol"),
    x: text("sb-symbol"),
    h: text("sb-symbol"),
    hValue: text("sb-number"),
    character: text("sb-glyph"),
  };
  const glyph = svg("rect", { class: "sb-glyph-box", rx: 6, height: 30 });
  const drawing = svg(
    "svg",
    { role: "img", class: "sb-cell" },
    wires,
    ...flows,
    operators,
    ...HELD.map((gate) => gates[gate].group),
    glyph,
    ...Object.values(labels),
  );
  const element = html("div", { class: "sb-cell-box" }, drawing);

  const arrange = whenChanged((width, glyphWidth) => {
    const box = layout(width);
    const { gates: x, middle, out, left, right } = box;
    const path = (d, kind = null) => svg("path", { d, class: kind });
    setAttributes(drawing, { width, height: HEIGHT, viewBox: `0 0 ${width} ${HEIGHT}` });
    wires.replaceChildren(
      path(`M${left} ${BUS}H${x.o}`),
      path(`M${left + 21} ${BUS + 14}V${BUS}`),
      ...HELD.map((gate) => path(`M${x[gate]} ${BUS}V${GATE.y + GATE.height}`)),
      path(`M${x.f} ${GATE.y}V${LINE}`),
      path(`M${x.i} ${GATE.y}V${PRODUCT}H${middle}`),
      path(`M${x.g} ${GATE.y}V${PRODUCT}H${middle}`),
      path(`M${middle} ${PRODUCT}V${LINE}`),
      path(`M${out} ${LINE}V${BUS}H${right - 7}`),
      path(`M${x.o} ${GATE.y}V${PRODUCT + 14}H${out}`),
      path(`M${right} ${BUS}l-9 -4.5v9z`, "sb-head"),
      path(`M${right} ${LINE}l-9 -5.5v11z`, "sb-head"),
    );
    const circle = (cx, cy, sign) => [svg("circle", { cx, cy, r: 11 }), svg("text", { x: cx, y: cy + 5.5 }, sign)];
    operators.replaceChildren(
      ...circle(x.f, LINE, "×"),
      ...circle(middle, LINE, "+"),
      ...circle(middle, PRODUCT, "×"),
      ...circle(out, PRODUCT + 14, "×"),
      svg("rect", { x: out - 19, y: 74, width: 38, height: 20, rx: 10 }),
      svg("text", { class: "sb-small", x: out, y: 88 }, "tanh"),
    );
    const spans = [
      [left, x.f - 11],
      [x.f + 11, middle - 11],
      [middle + 11, right - 8],
    ];
    flows.forEach((flow, n) => setAttributes(flow, { x1: spans[n][0], x2: spans[n][1], y1: LINE, y2: LINE }));
    for (const gate of HELD) {
      const { frame, letter, value, name } = gates[gate];
      setAttributes(frame, { x: x[gate] - box.box / 2, y: GATE.y, width: box.box, height: GATE.height });
      setAttributes(letter, { x: x[gate], y: GATE.y + 18 });
      setAttributes(value, { x: x[gate], y: GATE.y + 37 });
      setAttributes(name, { x: x[gate], y: GATE.y + GATE.height + 15 });
      const squashes = gate === "g" ? "tanh" : "σ";
      setText(name, (width < ROOMY ? "" : `${squashes} · `) + label(`short_${gate}`));
    }
    const between = (a, b) => (a + b) / 2;
    setAttributes(glyph, { x: left + 4, y: BUS + 14, width: glyphWidth });
    const places = {
      before: [left, 18, "start"],
      beforeValue: [left, 36, "start"],
      keptValue: [between(x.f, middle), 36, "middle"],
      addedValue: [middle + 12, 86, "start"],
      after: [between(middle, right), 18, "middle"],
      afterValue: [between(middle, right), 36, "middle"],
      hBefore: [left, BUS - 8, "start"],
      x: [left + glyphWidth + 10, BUS + 34, "start"],
      character: [left + 4 + glyphWidth / 2, BUS + 35, "middle"],
      h: [right, BUS + 22, "end"],
      hValue: [right, BUS + 40, "end"],
    };
    for (const [name, [px, py, anchor]] of Object.entries(places)) {
      setAttributes(labels[name], { x: px, y: py, "text-anchor": anchor });
    }
  });

  // `now` = { i, f, g, o, c, h, before } of one unit, or null while it is not computed; `heldGates` are drawn as held.
  function draw({ t, now, character, wide, width, reach, heldGates, name }) {
    arrange(width, wide ? 58 : 34);
    setAttributes(drawing, { "aria-label": name });
    const box = layout(width);
    const number = (value) => (now ? fixed(value) : "…");
    labels.before.replaceChildren(...symbol("C", t - 1));
    labels.after.replaceChildren(...symbol("C", t));
    labels.hBefore.replaceChildren(...symbol("h", t - 1));
    labels.x.replaceChildren(...symbol("x", t));
    labels.h.replaceChildren(...symbol("h", t));
    setText(labels.character, character);
    const values = now ?? { i: 0, f: 0, g: 0, o: 0, c: 0, h: 0, before: 0 };
    const [kept, added] = [values.f * values.before, values.i * values.g];
    setText(labels.beforeValue, number(values.before));
    setText(labels.keptValue, number(kept));
    setText(labels.addedValue, `${added < 0 ? "" : "+"}${number(added)}`);
    setText(labels.afterValue, number(values.c));
    setText(labels.hValue, number(values.h));
    [values.before, kept, values.c].forEach((value, n) => {
      setAttributes(flows[n], {
        stroke: `rgb(${(value < 0 ? BELOW : ABOVE).join(" ")})`,
        "stroke-width": thickness(value, reach).toFixed(2),
      });
    });
    for (const gate of HELD) {
      const { fill, value, group } = gates[gate];
      setText(value, number(values[gate]));
      const inner = GATE.height - 2;
      const share = gate === "g" ? values.g / 2 : values[gate]; // the candidate's fill starts in the middle
      const bottom = GATE.y + 1 + (gate === "g" ? inner / 2 : inner);
      const height = Math.abs(share) * inner;
      setAttributes(fill, {
        x: box.gates[gate] - box.box / 2 + 1,
        y: share < 0 ? bottom : bottom - height,
        width: box.box - 2,
        height,
        fill: `rgb(${(share < 0 ? BELOW : ABOVE).join(" ")})`,
      });
      group.classList.toggle("sb-held", heldGates.includes(gate));
    }
  }
  return { element, draw };
}
