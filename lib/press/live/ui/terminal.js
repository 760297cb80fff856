// Text as a terminal shows it: a carriage return starts the line anew, so that a progress bar moves.

const FIRST = 200; // lines kept of the beginning …
const LAST = 800; // … and of the end, where there are more
const WIDEST = 20_000; // characters of a line
const PARTS = /\r\n|\n|\r|\x08|\x1b\[(\d*)A|\x1b\[[\d;?]*[A-Za-z]|[^\r\n\x08\x1b]+|\x1b/g;

export class Terminal {
  #head = []; // the first lines, finished
  #left = 0; // lines left out between head and tail
  #tail = [""];
  #row = 0;
  #column = 0;

  write(text) {
    for (const [part, up] of text.matchAll(PARTS)) {
      if (part === "\n" || part === "\r\n") this.#newLine();
      else if (part === "\r") this.#column = 0;
      else if (part === "\x08") this.#column = Math.max(0, this.#column - 1);
      else if (up !== undefined) this.#row = Math.max(0, this.#row - (Number(up) || 1));
      else if (part[0] !== "\x1b") this.#put(part);
    }
  }

  #newLine() {
    this.#row += 1;
    this.#column = 0;
    if (this.#row < this.#tail.length) return;
    this.#tail.push("");
    if (this.#tail.length <= LAST) return;
    const oldest = this.#tail.shift();
    this.#row -= 1;
    if (this.#head.length < FIRST) this.#head.push(oldest);
    else this.#left += 1;
  }

  #put(text) {
    const line = this.#tail[this.#row];
    const kept = line.slice(0, this.#column).padEnd(this.#column);
    this.#tail[this.#row] = (kept + text + line.slice(this.#column + text.length)).slice(0, WIDEST);
    this.#column = Math.min(this.#column + text.length, WIDEST);
  }

  /** What is shown; `said(count)` are the words for lines left out. */
  text(said) {
    return [...this.#head, ...(this.#left ? [said(this.#left)] : []), ...this.#tail].join("\n");
  }
}
