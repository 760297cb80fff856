// What the browser keeps of a reader: edited code by page and cell, and the exercises passed. How often somebody tried
// is nobody's business and is not kept. Where storage is blocked or full, all stays in memory until the page is closed.

const EDITS = "seqbook:edits:";
const PASSED = "seqbook:passed";
const FORMAT = "seqbook-progress";
const LARGEST = 5_000_000; // characters of a file

/** A short digest of a text (cyrb53), to know a source again. */
export function digest(text) {
  let [a, b] = [0xdeadbeef, 0x41c6ce57];
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    a = Math.imul(a ^ code, 2654435761);
    b = Math.imul(b ^ code, 1597334677);
  }
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909);
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909);
  return (4294967296 * (2097151 & b) + (a >>> 0)).toString(36);
}

export class Store {
  #memory = new Map();
  #storage;

  constructor(storage = browserStorage()) { this.#storage = storage; }

  /** Whether the last change was kept beyond this visit. */
  keeps = true;

  /** {cell: {text, base, time}}: the edits of a page, each with the digest of the source that was edited. */
  edits(page) { return this.#read(EDITS + page); }

  /** Keep an edit; `text` null forgets it. */
  edit(page, cell, text, base) {
    const edits = this.edits(page);
    if (text === null) delete edits[cell];
    else edits[cell] = { text, base, time: Date.now() };
    this.#write(EDITS + page, edits);
  }

  /** {exercise: time of its first pass}. */
  passed() { return this.#read(PASSED); }

  pass(exercise) {
    const passed = this.passed();
    if (exercise in passed) return;
    this.#write(PASSED, { ...passed, [exercise]: Date.now() });
  }

  /** The pages with edits, in alphabetical order. */
  pages() {
    const names = [...this.#memory.keys(), ...(this.#storage ? Object.keys(this.#storage) : [])];
    const pages = names.filter((name) => name.startsWith(EDITS)).map((name) => name.slice(EDITS.length));
    return [...new Set(pages)].sort().filter((page) => Object.keys(this.edits(page)).length);
  }

  forget() {
    for (const page of this.pages()) this.#write(EDITS + page, {});
    this.#write(PASSED, {});
  }

  /** All that is kept, as the text of one file. */
  export() {
    const edits = Object.fromEntries(this.pages().map((page) => [page, this.edits(page)]));
    return JSON.stringify({ format: FORMAT, version: 1, passed: this.passed(), edits }, null, 1);
  }

  /** Add what a file holds; of two edits of one cell the later stays. How much came; null where it is no such file. */
  import(file) {
    const found = read(file);
    if (!found) return null;
    const passed = this.passed();
    for (const [exercise, time] of Object.entries(found.passed)) passed[exercise] = Math.min(time, passed[exercise] ?? time);
    this.#write(PASSED, passed);
    let count = 0;
    for (const [page, edits] of Object.entries(found.edits)) {
      const ours = this.edits(page);
      for (const [cell, edit] of Object.entries(edits)) {
        if (ours[cell]?.time > edit.time) continue;
        ours[cell] = edit;
        count += 1;
      }
      this.#write(EDITS + page, ours);
    }
    return { passed: Object.keys(found.passed).length, edits: count };
  }

  #read(name) {
    if (this.#memory.has(name)) return structuredClone(this.#memory.get(name));
    try {
      const found = JSON.parse(this.#storage?.getItem(name) ?? "{}");
      const whole = name === PASSED ? passedOf(found) : editsOf(found);
      return whole ?? {};
    } catch {
      return {};
    }
  }

  #write(name, value) {
    try {
      if (!this.#storage) throw new Error("storage is blocked");
      if (Object.keys(value).length) this.#storage.setItem(name, JSON.stringify(value));
      else this.#storage.removeItem(name);
      this.#memory.delete(name);
      this.keeps = true;
    } catch {
      this.#memory.set(name, structuredClone(value));
      this.keeps = false;
    }
  }
}

function browserStorage() {
  try {
    return localStorage;
  } catch {
    return null;
  }
}

function read(file) {
  try {
    if (file.length > LARGEST) return null;
    const { format, version, passed, edits } = JSON.parse(file);
    if (format !== FORMAT || version !== 1 || !isTable(edits)) return null;
    const whole = { passed: passedOf(passed), edits: {} };
    for (const [page, each] of Object.entries(edits)) whole.edits[page] = /^(ko|en)\/[\w/-]+$/.test(page) && editsOf(each);
    return whole.passed && Object.values(whole.edits).every(Boolean) ? whole : null;
  } catch {
    return null;
  }
}

const isTable = (value) => value !== null && typeof value === "object" && !Array.isArray(value);
const isTime = (value) => Number.isFinite(value) && value > 0;

function passedOf(value) {
  if (!isTable(value)) return null;
  const entries = Object.entries(value);
  return entries.every(([name, time]) => /^[a-z][\w-]*\/[a-z][\w-]*$/i.test(name) && isTime(time)) ? Object.fromEntries(entries) : null;
}

function editsOf(value) {
  if (!isTable(value)) return null;
  const right = ([cell, edit]) => /^[a-z][\w-]*$/i.test(cell) && isTable(edit) && typeof edit.text === "string"
    && typeof edit.base === "string" && isTime(edit.time);
  const entries = Object.entries(value);
  if (!entries.every(right)) return null;
  return Object.fromEntries(entries.map(([cell, { text, base, time }]) => [cell, { text, base, time }]));
}
