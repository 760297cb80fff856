// What a cell shows, as in a notebook: streamed text, values, tables, figures, widgets, reports, and errors.
import { render, shown, start } from "./widget-model.js";
import { clean } from "./clean.js";
import { make } from "./dom.js";
import { showReport } from "./report.js";
import { Terminal } from "./terminal.js";
import { fill, words } from "./words.js";

const WIDGET = "application/vnd.seqbook.widget+json";
const REPORT = "application/vnd.seqbook.report+json";
const MOST = 500; // outputs of one cell
const WIDE = /[\u1100-\u11ff\u2070-\uffff]/g; // what the font of code lacks: Hangul, arrows, signs

export class Output {
  #kept; // what the page came with
  #stale = false; // shows an earlier run, until the first event
  #stream = null; // { name, terminal, element } while text goes on
  #ends = []; // what tells widgets that they are taken away
  #waiting = false;

  /** `element` is the cell's .live-output; `alt` says what its figure shows while the code is the book's. */
  constructor(element, { alt, report }) {
    this.element = element;
    this.alt = alt;
    this.report = report;
    this.#kept = [...element.childNodes];
  }

  /** A run begins: what stands there stays until the run shows something. */
  begin() {
    this.#stale = true;
    this.#stream = null;
  }

  add(event) {
    if (event.type === "clear") return this.#clear();
    if (this.#stale) this.#clear();
    if (event.type === "stream") return this.#write(event);
    this.#stream = null;
    if (this.element.childElementCount < MOST) this.#append(this.#shown(event.data));
  }

  /** A run has ended; of one that failed the traceback is shown. */
  end({ ok, stopped, ename, evalue, traceback }) {
    if (this.#stale) this.#clear();
    this.#draw();
    if (!ok && ename && !stopped) this.#append(error(traceback || `${ename}: ${evalue}`));
  }

  /** The book's own output again. */
  reset() {
    this.#clear();
    this.element.append(...this.#kept);
  }

  note(...content) { this.#append(make("div", { class: "output live-note" }, ...content)); }

  #append(node) {
    if (node) this.element.append(node);
  }

  #clear() {
    this.#stale = false;
    this.#stream = null;
    for (const end of this.#ends.splice(0)) end();
    this.element.replaceChildren();
  }

  #write({ name, text }) {
    if (this.#stream?.name !== name) {
      const code = make("pre");
      this.#append(make("div", { class: `output stream ${name === "stderr" ? "stderr" : "stdout"}` },
        make("div", { class: "highlight" }, code)));
      this.#stream = { name, terminal: new Terminal(), code };
    }
    this.#stream.terminal.write(text);
    if (this.#waiting) return;
    this.#waiting = true;
    setTimeout(() => { this.#waiting = false; this.#draw(); }, 60);
  }

  #draw() {
    if (!this.#stream) return;
    const { terminal, code } = this.#stream;
    print(code, terminal.text((count) => fill(words.left_out, { count })));
  }

  #shown(data) {
    this.#draw();
    if (data[WIDGET]) return this.#widget(data[WIDGET]);
    if (data[REPORT]) return showReport(data[REPORT], this.report);
    if (data["image/svg+xml"]) return this.#figure(new Blob([data["image/svg+xml"]], { type: "image/svg+xml" }),
      sizeOf(data["image/svg+xml"]));
    if (data["image/png"]) return this.#figure(fromBase64(data["image/png"], "image/png"), {});
    if (data["text/html"]) return make("div", { class: "output text_html" }, clean(data["text/html"]));
    const code = print(make("pre"), data["text/plain"] ?? "");
    return make("div", { class: "output text_plain" }, make("div", { class: "highlight" }, code));
  }

  #figure(blob, size) {
    const url = URL.createObjectURL(blob);
    this.#ends.push(() => URL.revokeObjectURL(url));
    return make("img", { src: url, alt: this.alt() || words.figure, ...size });
  }

  #widget(spec) {
    const element = make("div", { class: "seqbook-widget" });
    let [ended, end] = [false, null];
    this.#ends.push(() => { ended = true; shown.delete(element); end?.(); });
    start(spec)
      .then(async (widget) => { if (!ended) end = await render(widget, element); })
      .catch((failure) => {
        element.className = "widget-error";
        element.textContent = document.body.dataset.widgetFailed;
        console.error(failure);
      });
    return element;
  }
}

// Text in its place, which says how wide its widest line is, as press.finish does: phones set it as small as that needs.
function print(code, text) {
  code.textContent = text;
  code.style.setProperty("--columns", Math.max(1, ...text.split("\n").map(columns)));
  return code;
}

function columns(line) {
  return Math.ceil(line.length + (line.match(WIDE)?.length ?? 0) * (1 / 0.6 - 1));
}

function error(text) {
  return make("div", { class: "output error" }, make("div", { class: "highlight" }, make("pre", { tabindex: 0 }, text)));
}

// Width and height of a picture in CSS pixels, so that nothing jumps as it is drawn.
function sizeOf(svg) {
  const root = svg.match(/<svg[^>]*>/)?.[0] ?? "";
  const side = (name) => {
    const [, number, unit] = root.match(new RegExp(`\\b${name}="([\\d.]+)(pt|px)?"`)) ?? [];
    return number && Math.round(Number(number) * (unit === "pt" ? 96 / 72 : 1));
  };
  return { width: side("width"), height: side("height") };
}

function fromBase64(text, type) {
  return new Blob([Uint8Array.from(atob(text), (character) => character.charCodeAt(0))], { type });
}
