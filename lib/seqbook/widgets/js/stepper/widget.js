// Steps a trained encoder along the reader's date and its decoder along what it writes, with the beam as a tree.
import { palette } from "../kit/canvas.js";
import { button } from "../kit/controls.js";
import { html, setAttributes, setText } from "../kit/dom.js";
import { fixed, significant } from "../kit/format.js";
import { knobs } from "../kit/knobs.js";
import { math } from "../kit/math.js";
import { assign } from "../kit/model.js";
import { player } from "../kit/player.js";
import { clamp } from "../kit/scale.js";
import { widget } from "../kit/widget.js";
import { words } from "../kit/words.js";
import { candidateButtons } from "./candidates.js";
import { brief, compare, describe, signName, written } from "./describe.js";
import { LABELS } from "./labels.js";
import { createNetwork } from "./network.js";
import { signsOf } from "./reading.js";
import { decoderStrip, encoderStrip } from "./strips.js";
import { createStudy, wayTo } from "./study.js";
import { candidatesOf, roomOf, treeOf } from "./tree.js";
import { treeView } from "./tree-view.js";
import { valuesTable } from "./values-table.js";
import { writing } from "./writing.js";

function build({ model, label, draw: redraw }) {
  const network = createNetwork(model.get("specimen"));
  const { text: { most: limit }, time: { max: last } } = model.get("limits");
  const studyOf = createStudy(network, limit);
  const now = () => studyOf((trait) => model.get(trait));
  let width = 640; // of the widget's inside, until it is measured

  const steps = ({ states, path }) => states.length + (path?.ids.length ?? 0);
  const timeOf = (study) => clamp(model.get("time"), 1, Math.max(1, steps(study)));
  const goTo = (time) => assign(model, { time, node: "" });

  const rewrite = (words) => assign(model, { text: words, forced: "", node: "", time: last });
  const text = writing({ label, limit, rewrite });
  const time = player({
    lang: model.get("lang"),
    labels: { back: label("back"), on: label("on"), time: label("time") },
    format: (t) => {
      const { states, path } = now();
      const S = states.length;
      return t <= S
        ? label("stepReads", { t, S })
        : label("stepWrites", { k: t - S, L: path?.ids.length ?? 0 });
    },
    get: () => {
      const study = now();
      return [timeOf(study), Math.max(1, steps(study))];
    },
    onTime: goTo,
    interval: 600,
  });
  const explanation = words();
  const encoder = encoderStrip({ onColumn: goTo });
  const decoder = decoderStrip({ onColumn: (k) => goTo(now().states.length + k) });
  const tokens = html("div", { class: "sb-tokens" });
  // The decoder goes on from tokens that the reader chose.
  const force = (ids) =>
    assign(model, { forced: signsOf(ids, network), node: "", time: now().states.length + ids.length });
  const next = candidateButtons({ label, network, choose: (sequence, token) => force([...sequence.ids, token]) });
  const clear = button({ label: label("clear"), onPress: () => assign(model, { forced: "", node: "" }) });
  const control = knobs(model, label);
  const [beamWidth, shown] = [control.slider("width"), control.select("shown")];
  const tree = treeView({
    label,
    press: ({ key, ids, kind }) => {
      if (kind.leaf) force(ids);
      else if (key === "") goTo(now().states.length + 1);
      else assign(model, { node: model.get("node") === key ? "" : key });
    },
  });
  const comparison = words();
  const held = html("table", { class: "sb-held" });
  const table = valuesTable({ label, network, onOpen: redraw });
  const colours = palette(["ink", "soft", "accent", "line", "edge"], redraw);

  const empty = html("p", { class: "sb-words" }, label("empty"));
  const scroll = (name, ...content) =>
    html("div", { class: "sb-scroll", role: "region", tabindex: 0, "aria-label": name }, ...content);
  const heldBox = scroll(label("beamList"), held);
  const legend = ["Best", "Greedy", "Held", "Dropped"].map((kind) =>
    html("span", { class: `sb-key sb-key-${kind.toLowerCase()}` }, label(`legend${kind}`)));
  const body = html(
    "div", { class: "sb-stack" },
    time.element,
    explanation.element,
    html("div", {}, html("p", { class: "sb-heading" }, math(label("encoder"))),
      scroll(label("encoder"), encoder.element)),
    html("div", {}, html("p", { class: "sb-heading" }, label("decoder")),
      scroll(label("decoder"), decoder.element, tokens)),
    html("div", { class: "sb-section" }, next.element, clear.element),
    html("p", { class: "sb-heading sb-section" }, label("treeTitle")),
    html("div", { class: "sb-bar" }, beamWidth.element, shown.element),
    html("div", {}, scroll(label("treeTitle"), tree.element), html("p", { class: "sb-legend" }, ...legend)),
    html("p", { class: "sb-quiet" }, label("treeHint")),
    heldBox,
    comparison.element,
    table.element,
  );
  const content = html("div", { class: "sb-stack" }, text.element, empty, body, colours.element);

  function draw() {
    const study = now();
    text.show(model.get("text"), study.read);
    empty.hidden = Boolean(study.path);
    body.hidden = !study.path;
    if (!study.path) {
      time.stop();
      return;
    }
    const t = timeOf(study);
    time.show();
    beamWidth.show(model.get("width"));
    shown.show(model.get("shown"));
    clear.element.hidden = study.forced.ids.length === 0;
    explanation.say(...describe(study, network, t, label));
    comparison.element.hidden = t <= study.states.length;
    comparison.say(...compare(study, network, label));
    paint(study, t);
    paintTree(study, t);
    table.draw(study, t);
  }

  function paint({ read, states, path, forced }, t) {
    const [S, L, H] = [states.length, path.ids.length, network.H];
    const [readSteps, k] = [Math.min(t, S), Math.max(0, t - S)];
    const shades = colours.read();
    encoder.draw({
      states, characters: read.characters, ids: read.ids, t: readSteps, now: t <= S ? t : null, width,
      colours: shades, name: label("encoderPicture", { S, t: readSteps, H }),
    });
    const way = wayTo(path);
    const column = clamp(width / L, 27, 58);
    decoder.draw({
      states: way.slice(0, -1).map(({ next: { h } }) => h), k, column, H, colours: shades,
      name: label("decoderPicture", { L, k, H }),
    });
    while (tokens.children.length > L) tokens.lastChild.remove();
    while (tokens.children.length < L) {
      const n = tokens.children.length + 1;
      const chip = html("button", { type: "button" }, html("b"), html("span"));
      chip.addEventListener("click", () => goTo(now().states.length + n));
      tokens.append(chip);
    }
    setAttributes(tokens, { style: `grid-template-columns: repeat(${L}, ${column}px)` });
    path.ids.forEach((token, n) => {
      const chip = tokens.children[n];
      const [sign, p] = [network.tokens[token], brief(Math.exp(way[n].next.logProbs[token]))];
      setText(chip.firstChild, k ? sign : "·"); // while the encoder reads, nothing is written
      setText(chip.lastChild, k ? p.replace("0.", ".") : "");
      const yours = n < forced.ids.length;
      const holes = { k: n + 1, sign: signName(token, network, label), p };
      setAttributes(chip, {
        class: [n < k ? "" : "sb-later", yours ? "sb-yours" : "", n === k - 1 ? "sb-now" : ""].join(" ").trim() || null,
        "aria-label": label(k === 0 ? "notYet" : yours ? "chosenByYou" : "toStep", holes),
        "aria-current": n === k - 1 ? "step" : null,
      });
    });
  }

  function paintTree(study, t) {
    const { states, path, levels, forced } = study;
    const [S, L] = [states.length, path.ids.length];
    const k = Math.max(0, t - S);
    const depth = k === L ? Infinity : k;
    const { nodes, sequences } = treeOf(study, network, depth, model.get("node"));
    const node = model.get("node") === "" ? undefined : sequences.get(model.get("node"));
    const sequence = node ?? wayTo(path)[Math.max(0, k - 1)];
    tree.draw({ drawn: nodes, room: roomOf(study, network), opened: signsOf(sequence.ids, network), width });
    const beam = levels[clamp(depth - forced.ids.length, 0, levels.length - 1)];
    listBeam(beam, Math.max(...beam.map(({ ids }) => ids.length)), k > 0);

    const waiting = k === 0 && !node;
    const name = written(sequence, network);
    const title = () => {
      if (waiting) return label("waits");
      if (!sequence.next) return label("ended", { text: name });
      return sequence.ids.length ? label("nextOf", { text: `“${name}”` }) : label("nextOfStart");
    };
    next.draw({
      sequence, title: title(),
      candidates: waiting ? [] : candidatesOf(study, network, sequence),
      taken: isOn(path, sequence) ? (path.ids[sequence.ids.length] ?? null) : null,
    });
  }

  const isOn = (path, { ids }) => ids.every((token, n) => path.ids[n] === token);

  function listBeam(beam, k, begun) {
    heldBox.hidden = !begun;
    const row = ({ ids, logProb }, n) =>
      html("tr", {}, html("th", { scope: "row" }, String(n + 1)), html("td", {}, signsOf(ids, network)),
        html("td", {}, fixed(logProb, 3)), html("td", {}, significant(Math.exp(logProb), 3)));
    const heads = ["rank", "sequence", "logProb", "probability"].map((key) => html("th", { scope: "col" }, label(key)));
    held.replaceChildren(
      html("caption", {}, label("beamTable", { k })),
      html("thead", {}, html("tr", {}, ...heads)),
      html("tbody", {}, ...beam.map(row)),
    );
  }

  function measure() {
    width = body.clientWidth;
  }

  function stop() {
    time.stop();
    colours.stop();
  }
  return { content, draw, sized: [body], measure, stop };
}

export default widget({ name: "stepper", labels: LABELS, rebuildOn: ["specimen"], build });
