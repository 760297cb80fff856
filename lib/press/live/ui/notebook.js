// The page as a notebook: its cells, one Python for all of them, and the order in which they run.
import { Cell } from "./cell.js";
import { button, download, make } from "./dom.js";
import { Store } from "./store.js";
import { fill, megabytes, words } from "./words.js";

const { slower: SLOWER, long: LONG } = words.times; // see press.live.cells

export class Notebook {
  #engine = null;
  #starting = null;
  #stopping = null;
  #stopped = null; // ends the wait for the cell that is running
  #queue = []; // of batches: cells to be run one after the other
  #working = false;
  #current = null;

  constructor(page) {
    this.page = page;
    this.store = new Store();
    this.cells = [...document.querySelectorAll(".live-cell[data-kind=live]")].map((each) => new Cell(each, this));
    this.#restore();
    this.#showPassed();
    this.#offerDownload();
  }

  cell(element) { return this.cells.find((cell) => cell.element === element); }
  named(id) { return this.cells.find((cell) => cell.id === id); }

  /** Do what a button says. */
  act(pressed, element) {
    const cell = this.cell(element);
    const actions = {
      run: () => this.run(element),
      check: () => this.check(cell),
      edit: () => cell.edit(0),
      stop: () => this.stop(),
      reset: () => this.reset(cell),
      "run-above": () => this.runAbove(cell),
      "run-all": () => this.#add(this.cells),
      numbers: () => this.numbers(pressed, element),
      download: () => this.download(),
    };
    return actions[pressed.dataset.action]?.();
  }

  edit(element, place) { return this.cell(element).edit(place); }

  run(element) { return this.#add([this.cell(element)]); }

  runAbove(cell) { return this.#add([...this.#above(cell), cell]); }

  /** Run what an exercise needs, the reader's code and the call that checks it. */
  check(cell) {
    const caller = this.cells.find(({ exercise, part }) => exercise === cell.exercise && part === "check");
    const needed = caller.needs.map((id) => this.named(id)).filter((each) => each && each !== cell && this.#isDue(each));
    return this.#add([...needed, cell, caller]);
  }

  reset(cell) {
    cell.reset();
    this.keep(cell);
  }

  // --- running

  /** The cells above, without exercises' checks and solutions, which do nothing for others; of these the ones that
   *  have not run as they stand, or all where every one has. */
  #above(cell) {
    const place = this.cells.indexOf(cell);
    const all = this.cells.slice(0, place).filter((each) => !["check", "solution"].includes(each.part));
    const due = all.filter((each) => this.#isDue(each));
    return due.length ? due : all;
  }

  #isDue(cell) { return cell.ran === null || cell.ran !== cell.text; }

  async #add(cells) {
    const batch = cells.filter((cell) => cell.state !== "running" && cell.state !== "waiting");
    if (!batch.length) return;
    for (const cell of batch) cell.tell("waiting");
    this.#queue.push(batch);
    if (this.#working) return;
    this.#working = true;
    while (this.#queue.length) await this.#runBatch(this.#queue[0]);
    this.#working = false;
  }

  async #runBatch(batch) {
    let going = await this.#ready(batch[0]);
    const setup = this.named("setup");
    if (going && batch.length && setup && setup.ran === null && batch[0] !== setup) going = await this.#execute(setup);
    while (going && batch.length) going = await this.#execute(batch.shift());
    for (const cell of batch) if (cell.state === "waiting") cell.rest(); // what one that failed leaves undone
    this.#queue = this.#queue.filter((each) => each !== batch);
  }

  /** Whether Python is there. `place`, a cell or the like, shows how it comes, or why it cannot. */
  async #ready(place) {
    try {
      await this.#stopping;
      if (this.#engine?.state === "broken") this.#forgetPython();
      this.#starting ??= this.#start(place);
      await this.#starting;
      return true;
    } catch (problem) {
      this.#forgetPython();
      place.cannot(problem.message || words.cannot);
      return false;
    }
  }

  async #start(place) {
    const base = new URL("../../_live/", import.meta.url).href;
    const { Engine } = await import(`${base}engine.js`);
    this.#engine = new Engine({ base, lang: document.documentElement.lang });
    const { total, kept } = await this.#engine.size();
    place.wait(kept ? words.starting : fill(words.loading, { size: megabytes(total) }));
    await this.#engine.start({ onprogress: (progress) => place.loading(progress) });
    place.loaded();
  }

  /** Run one cell to its end; whether it got there. */
  async #execute(cell) {
    const text = cell.text;
    this.#current = cell;
    cell.tell("running");
    cell.startClock();
    cell.markLine(null);
    cell.output.begin();
    const stopped = new Promise((done) => { this.#stopped = done; });
    let going = true;
    const onevent = (event) => {
      if (!going) return;
      if (event.type === "progress") cell.loading(event);
      else cell.output.add(event);
    };
    const result = await Promise.race([
      this.#engine.run(text, { name: cell.id, onevent }).catch((problem) => ({ ok: false, problem })),
      stopped.then(() => ({ ok: false, stopped: true })),
    ]);
    going = false;
    this.#current = this.#stopped = null;
    cell.loaded();
    cell.output.end(result);
    if (result.seconds !== undefined) cell.took(result.seconds);
    cell.ran = result.stopped || result.problem ? null : text;
    cell.result = result.ok ? "done" : "failed";
    if (result.stopped) cell.tell("failed", words.stopped);
    else if (result.problem) this.#lost(cell, result.problem);
    else cell.rest();
    if (!result.ok) {
      cell.markLine(result.line);
      if (result.missing) this.#offerAbove(cell, result.missing);
    }
    return result.ok;
  }

  #lost(cell, problem) {
    if (this.#engine.state === "broken") this.#forgetPython();
    cell.tell("failed");
    cell.output.note(make("p", {}, problem.message));
  }

  /** Python has come to an end: every variable is gone. */
  #forgetPython() {
    this.#engine = this.#starting = null;
    for (const each of this.cells) each.ran = null;
  }

  #offerAbove(cell, name) {
    const above = this.#above(cell);
    const mentioned = new RegExp(`(^|[^.\\p{L}\\p{N}_])${name}(?![\\p{L}\\p{N}_])`, "u");
    if (!above.some(({ text }) => mentioned.test(text))) return; // a slip of the pen, not a cell left out
    const seconds = SLOWER * above.reduce((sum, each) => sum + each.native, 0);
    const offer = button("run-above",
      above.length === 1 ? words.run_above_one : fill(words.run_above, { count: above.length }));
    cell.output.note(make("p", {}, fill(words.missing, { name })), offer,
      seconds < LONG ? null : make("span", { class: "live-about" }, said(seconds)));
  }

  async stop() {
    const cell = this.#current;
    for (const batch of this.#queue) for (const each of batch.splice(0)) each.rest();
    this.#queue = [];
    if (!this.#engine || !cell) return;
    this.#stopping = this.#engine.stop().catch(() => this.#forgetPython());
    this.#stopped?.();
    await this.#stopping;
    this.#stopping = null;
  }

  // --- exercises

  /** A checker's verdict, beside the button that asked for it. */
  judged(cell, verdict) {
    const stub = this.cells.find(({ exercise, part }) => exercise === cell.exercise && part === "stub");
    if (stub.state === "done") stub.judge(verdict);
    queueMicrotask(() => cell.output.element.scrollIntoView({ block: "nearest" }));
  }

  passed(cell) {
    this.store.pass(cell.exercise);
    this.#showPassed();
  }

  #showPassed() {
    const passed = this.store.passed();
    for (const cell of this.cells) {
      if (cell.part !== "stub" || !(cell.exercise in passed) || cell.bar.querySelector(".live-passed")) continue;
      cell.bar.append(make("span", { class: "live-passed" }, words.passed_before));
    }
  }

  solution(cell) {
    const { element } = this.cells.find(({ exercise, part }) => exercise === cell.exercise && part === "solution");
    const fold = element.querySelector("details");
    if (fold) fold.open = true;
    element.scrollIntoView({ block: "nearest" });
    (fold?.querySelector("summary") ?? element.querySelector("[data-action=run]")).focus({ preventScroll: true });
  }

  // --- what a widget draws against what Python computes

  async numbers(pressed, element) {
    const { compare } = await import("./numbers.js");
    const place = pressed.parentElement.querySelector(".live-said");
    const wait = (said) => { place.textContent = said; };
    const loading = ({ done, total }) => wait(fill(words.loaded, { done: megabytes(done), total: megabytes(total) }));
    pressed.disabled = true;
    wait(words.starting);
    if (await this.#ready({ wait, loading, loaded: () => wait(words.running), cannot: wait })) {
      try {
        wait(await compare(element, (source, onevent) => this.#engine.run(source, { name: "numbers", onevent })));
      } catch (problem) {
        wait(problem.message || words.numbers_failed);
      }
    }
    pressed.disabled = false;
  }

  // --- what is kept

  keep(cell) {
    this.store.edit(this.page, cell.id, cell.edited ? cell.text : null, cell.base);
    if (!this.store.keeps && !this.warned) {
      this.warned = true;
      cell.bar.after(make("p", { class: "live-note", role: "status" }, words.not_kept));
    }
    this.#offerDownload();
  }

  #restore() {
    for (const [id, edit] of Object.entries(this.store.edits(this.page))) this.named(id)?.restore(edit);
  }

  #offerDownload() {
    const found = document.querySelector(".page-actions [data-action=download]");
    if (found) found.hidden = !this.cells.some((cell) => cell.edited);
  }

  /** The page's notebook with the reader's code in it, as a file. */
  async download() {
    const link = document.querySelector(".page-actions a[download]");
    const notebook = await (await fetch(link.href)).json();
    for (const each of notebook.cells) {
      const cell = this.named(each.id);
      if (!cell?.edited) continue;
      const title = [each.source].flat().join("").match(/^# @title .*\n/)?.[0] ?? "";
      each.source = (title + cell.text).match(/[^\n]*\n|[^\n]+$/g) ?? [];
    }
    const name = link.getAttribute("href").split("/").at(-1).replace(".ipynb", "-edited.ipynb");
    download(name, JSON.stringify(notebook, null, 1) + "\n", "application/x-ipynb+json");
  }
}

function said(seconds) {
  if (seconds < 100) return fill(words.about, { seconds: Math.max(5, 5 * Math.round(seconds / 5)) });
  return fill(words.about_minutes, { minutes: Math.round(seconds / 60) });
}
