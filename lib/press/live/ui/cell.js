// One cell of the page: its code, its state in words, its buttons, its output.
import { button, make } from "./dom.js";
import { Output } from "./output.js";
import { digest } from "./store.js";
import { fill, megabytes, words } from "./words.js";

let editors = 0;

export class Cell {
  #editor = null;
  #opening = null;
  #clock = null;

  constructor(element, notebook) {
    this.element = element;
    this.notebook = notebook;
    this.id = element.dataset.cell;
    this.exercise = element.dataset.exercise ?? null;
    this.part = element.dataset.part ?? null;
    this.needs = element.dataset.needs?.split(" ") ?? [];
    this.native = Number(element.dataset.seconds ?? 0);
    this.code = element.querySelector(".cell_input pre");
    this.original = this.code.textContent.replace(/\n$/, "");
    this.base = digest(this.original);
    this.text = this.original;
    this.bar = element.querySelector(".live-bar");
    this.said = this.bar.querySelector(".live-state");
    this.ran = null; // the text that was run last, whole
    const alt = element.querySelector(".cell_output img")?.alt ?? "";
    this.output = new Output(this.#outputElement(), {
      alt: () => (this.text === this.original ? alt : ""),
      report: this.part !== "check" ? null : { // what a solution is told is no pass
        said: (verdict) => notebook.judged(this, verdict),
        passed: () => notebook.passed(this),
        solution: () => notebook.solution(this),
      },
    });
    this.clock = make("span", { class: "live-seconds" });
    this.said.after(this.clock);
  }

  get state() { return this.element.dataset.state; }
  get edited() { return this.text !== this.original; }

  /** `state` for tests and style, `said` in words. */
  tell(state, said = words[state]) {
    this.element.dataset.state = state;
    delete this.element.dataset.judged;
    if (this.said.textContent !== said) this.said.textContent = said;
    const busy = state === "running" || state === "waiting";
    if (state === "running") this.element.setAttribute("aria-busy", "true");
    else this.element.removeAttribute("aria-busy");
    this.#offer("stop", busy, words.stop, "run");
    this.#offer("reset", this.edited || this.ran !== null, words.reset);
    this.#button("run").hidden = busy;
    if (!busy) this.#stopClock();
  }

  /** What the cell is when nothing is going on: as the reader left it. */
  rest() {
    if (this.ran !== null && this.ran === this.text) this.tell(this.result);
    else if (this.outdated) this.tell("changed");
    else this.tell(this.edited ? "edited" : "idle");
  }

  /** A checker's verdict, in place of the state's words. */
  judge(verdict) {
    this.element.dataset.judged = "";
    this.said.textContent = verdict;
  }

  startClock() {
    const start = performance.now();
    this.#stopClock();
    this.#clock = setInterval(() => {
      this.clock.textContent = fill(words.seconds, { seconds: Math.floor((performance.now() - start) / 1000) });
    }, 1000);
  }

  /** The run took `seconds`. */
  took(seconds) {
    const digits = seconds < 9.95 ? 1 : 0;
    this.clock.textContent = fill(words.seconds, { seconds: seconds.toFixed(digits) });
  }

  #stopClock() {
    clearInterval(this.#clock);
    this.#clock = null;
  }

  // --- Python on its way

  wait(said) { this.tell("waiting", said); }

  loading({ done, total }) {
    if (!this.progress) {
      this.progress = make("progress", { max: total, "aria-label": words.starting });
      this.bar.append(this.progress);
    }
    this.progress.max = total;
    this.progress.value = done;
    this.clock.textContent = fill(words.loaded, { done: megabytes(done), total: megabytes(total) });
  }

  loaded() {
    this.progress?.remove();
    this.progress = null;
    this.clock.textContent = "";
  }

  /** Python cannot come; `message` says why. What the book has shown stays. */
  cannot(message) {
    this.loaded();
    this.tell("failed", words.cannot);
    for (const old of this.output.element.querySelectorAll(":scope > .live-note")) old.remove();
    const colab = document.querySelector("[data-colab]")?.cloneNode(true);
    this.output.note(make("p", {}, message), colab);
  }

  // --- code

  /** Open the editor and write at `place`, a number of characters from the start. */
  async edit(place) {
    await this.#open();
    this.#editor.focus(place);
  }

  async #open() {
    this.#opening ??= import("./editor.js").then(({ createEditor }) => {
      const fold = this.code.closest("details");
      if (fold) fold.open = true;
      const block = this.code.closest(".cell_input").firstElementChild;
      const keys = make("p", { class: "live-keys", id: `live-keys-${editors++}` }, words.keys);
      const parent = make("div", { class: "live-editor" });
      block.after(parent, keys);
      block.hidden = true;
      this.#editor = createEditor({
        parent, text: this.text, label: words.editor, describedBy: keys.id,
        onchange: (text) => this.#changed(text), onrun: () => this.notebook.run(this.element),
      });
      this.#close = () => {
        this.#editor.destroy();
        parent.remove();
        keys.remove();
        block.hidden = false;
        this.#editor = this.#opening = null;
      };
    });
    await this.#opening;
  }

  #close = () => {};

  #changed(text) {
    this.text = text;
    this.outdated = false;
    this.clock.textContent = "";
    this.notebook.keep(this);
    if (this.state !== "running" && this.state !== "waiting") this.rest();
  }

  /** The reader's code from an earlier visit. */
  async restore({ text, base }) {
    this.text = text;
    this.outdated = base !== this.base && text !== this.original;
    this.rest();
    await this.#open();
  }

  /** The book's code and output again. */
  reset() {
    this.text = this.original;
    this.outdated = false;
    this.ran = null;
    this.#close();
    this.output.reset();
    this.clock.textContent = "";
    this.rest();
    this.#button("run").focus();
  }

  markLine(number) { this.#editor?.markLine(number); }

  // --- parts of the page

  #button(action) { return this.bar.querySelector(`[data-action=${action}]`); }

  // A button that is there while it is of use; the focus does not fall out of the page as it comes or goes.
  #offer(action, wanted, text, instead = "run") {
    let found = this.#button(action);
    if (wanted && !found) {
      const had = this.#button("run");
      found = button(action, text);
      if (action === "stop") had.after(found);
      else this.said.before(found);
      if (action === "stop" && document.activeElement === had) queueMicrotask(() => found.focus());
    } else if (!wanted && found) {
      const focused = document.activeElement === found;
      found.remove();
      if (focused) queueMicrotask(() => this.#button(instead)?.focus());
    }
  }

  #outputElement() {
    const found = this.element.querySelector(".live-output");
    if (found) return found;
    const made = make("div", { class: "cell_output live-output docutils container" });
    this.element.querySelector(".cell").append(made);
    return made;
  }
}
