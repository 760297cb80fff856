// Python in the page behind one small interface: start, run, stop.
//
//   const engine = new Engine({ base: ".../_live/", lang: "ko" });
//   await engine.size()                                   // { core, figures, total, kept }: bytes to fetch
//   await engine.start({ onprogress({ done, total }) })   // fetched once, kept by the browser; the figures come after
//   await engine.run(source, { name, onevent })           // { ok, seconds, ename, evalue, traceback, line, missing }
//   await engine.stop()                                   // a new Python from the last image of its memory
//
// Nothing is fetched before `size` or `start` is called, and nothing that a reader writes leaves the page.

const CACHE = "seqbook-live";
const QUIET = 300;       // ms without a cell before an image is taken
const WORTH = 1500;      // ms of cells' work that are worth an image before the next cell; what took less is run again
const LARGEST = 700e6;   // bytes of memory of which no image is taken any more: a tab would hold them twice

const WORDS = {
  ko: {
    old: "이 브라우저에서는 Python을 실행할 수 없습니다. 최신 브라우저를 쓰거나 Colab에서 여세요.",
    fetch: "Python을 내려받지 못했습니다. 인터넷 연결을 확인하고 다시 실행하세요.",
    memory: "메모리가 부족해 Python을 시작하지 못했습니다. 다른 탭을 닫고 다시 실행하거나 Colab에서 여세요.",
    stopped: "실행을 멈추었습니다.",
    broken: "Python이 멈추어 다시 시작했습니다. 마지막으로 끝난 셀까지의 변수는 그대로 있습니다.",
    lost: "Python이 멈추어 다시 시작했습니다. 위의 셀을 다시 실행하세요.",
    deep: "함수가 너무 깊이 자기 자신을 호출했습니다.",
  },
  en: {
    old: "This browser cannot run Python. Use a current one, or open the page in Colab.",
    fetch: "Python could not be downloaded. Check the connection and run the cell again.",
    memory: "There is too little memory for Python. Close other tabs and run the cell again, or open the page in Colab.",
    stopped: "The cell was stopped.",
    broken: "Python broke down and was started again. Variables of all cells that had ended are still there.",
    lost: "Python broke down and was started again. Run the cells above again.",
    deep: "A function called itself too deeply.",
  },
};

export class Engine {
  state = "off";
  #base; #words; #manifest; #module; #core; #figures;    // what is loaded, for every new worker
  #coming; #onfigures;                          // the figures, on their way; told of their bytes while a cell waits
  #worker; #expected = [];                      // those who wait for the worker's answers, in order
  #onevent;                                     // of the running cell
  #queue = Promise.resolve(); #turn = 0;        // cells wait for one another; a stop ends the turn of all that wait
  #image; #since = []; #work = 0; #timer;       // the last image; cells that have ended since, and their milliseconds
  #memory = 0;
  #starting; #running;

  constructor({ base, lang }) {
    this.#base = base;
    this.#words = WORDS[lang] ?? WORDS.en;
  }

  /** Bytes of what a first start fetches; `kept` where the browser has all of it. */
  async size() {
    const { module, core, figures } = await this.#read();
    const cache = await openCache();
    const kept = cache && await Promise.all([module, core, figures].map(({ file }) => cache.match(this.#url(file))));
    const first = module.bytes + core.bytes;
    return { core: first, figures: figures.bytes, total: first + figures.bytes, kept: !!kept && kept.every(Boolean) };
  }

  /** Python, ready for the first cell. A second call waits for the first one. */
  start({ onprogress } = {}) {
    this.#starting ??= this.#start(onprogress).catch((error) => {
      this.#starting = undefined;
      this.state = "broken";
      throw error;
    });
    return this.#starting;
  }

  async #start(onprogress) {
    const needed = ["WebAssembly", "DecompressionStream", "Worker"];
    if (needed.some((name) => typeof globalThis[name] === "undefined")) throw new Error(this.#words.old);
    this.state = "loading";
    const manifest = await this.#read();
    const { module, core, figures } = manifest;
    const done = new Map(), total = module.bytes + core.bytes + figures.bytes;
    const cache = await openCache();
    await forget(cache, [module, core, figures].map(({ file }) => this.#url(file)));
    const open = async ({ file, bytes }) => {
      const stream = await this.#open(cache, file, bytes, (count) => {
        done.set(file, count);
        const progress = { done: [...done.values()].reduce((sum, part) => sum + part, 0), total };
        if (file === figures.file) this.#onfigures?.({ type: "progress", ...progress });
        else onprogress?.(progress);
      });
      return stream.pipeThrough(new DecompressionStream("gzip"));
    };
    const unpack = async (entry) => new Response(await open(entry)).blob();
    try {
      [this.#module, this.#core] = await Promise.all([
        open(module).then((stream) => WebAssembly.compileStreaming(
          new Response(stream, { headers: { "content-type": "application/wasm" } }))),
        unpack(core),
      ]);
    } catch (error) {
      if (error instanceof WebAssembly.CompileError) throw new Error(this.#words.old, { cause: error });
      throw this.#failed(error);
    }
    // The figures come while Python begins with the rest; without them, a cell that draws asks for them again.
    this.#coming = () => {
      const coming = unpack(figures);
      this.#coming = () => coming;
      coming.catch(() => { this.#coming = () => unpack(figures); });
      return coming;
    };
    this.#coming().then(() => {
      const turn = this.#turn;
      this.#queue = this.#queue.then(() => turn === this.#turn && this.#takeFigures()).catch(() => {});
    }, () => {});
    try {
      await this.#revive();
    } catch (error) {
      this.#end();
      throw error instanceof RangeError ? new Error(this.#words.memory, { cause: error }) : error;
    }
    this.state = "ready";
  }

  /** Run one cell after those that run already. What goes wrong in it is told in the result; rejects as `start` does. */
  run(source, { name = "", onevent } = {}) {
    const turn = this.#turn;
    const result = this.#queue.then(() => this.start())
      .then(() => turn === this.#turn ? this.#run(source, name, onevent) : this.#stopped())
      .catch((error) => {
        if (turn === this.#turn) throw error;
        return this.#stopped();
      });
    this.#queue = result.catch(() => {});
    return result;
  }

  async #run(source, name, onevent) {
    clearTimeout(this.#timer);
    if (this.#work > WORTH) await this.#picture();
    this.state = "busy";
    this.#onevent = onevent;
    const begin = performance.now();
    const result = await new Promise((resolve) => {
      this.#running = resolve;
      this.#execute(source, name).then(resolve, (error) => {
        if (this.#running !== resolve) return;
        if (error.files) resolve(Promise.reject(error));
        else this.#recover(error, resolve);
      });
    }).catch((error) => {
      this.state = "ready";
      throw error;
    }).finally(() => { this.#running = this.#onevent = this.#onfigures = undefined; });
    if (!result.stopped && this.state === "busy") {
      this.state = "ready";
      this.#since.push([source, name]);
      this.#work += performance.now() - begin;
      this.#timer = setTimeout(() => { this.#queue = this.#queue.then(() => this.#picture()).catch(() => {}); }, QUIET);
    }
    return result;
  }

  /** The end of a cell. One that draws is not begun before the figures have come. */
  async #execute(source, name) {
    const { done, memory } = await this.#ask({ type: "run", source, name });
    this.#memory = memory;
    if (!done.waits) return done;
    this.#onfigures = this.#onevent;
    await this.#takeFigures();
    return this.#execute(source, name);
  }

  /** Hand the figures to Python as soon as they are there. */
  async #takeFigures() {
    if (this.#figures) return;
    const turn = this.#turn;
    const figures = await this.#coming().catch((error) => { throw this.#failed(error); });
    if (turn !== this.#turn) throw new Error(this.#words.stopped);    // a new worker, which others will tell
    await this.#ask({ type: "mount", figures });
    this.#figures = figures;
  }

  /** End what runs; Python is as it was after the last cell that ended. */
  async stop() {
    if (!this.#module) return;
    this.#turn += 1;
    clearTimeout(this.#timer);
    const running = this.#running;
    this.#running = undefined;
    this.#end();
    running?.(this.#stopped());
    const begun = this.#begin();
    this.#queue = begun.catch(() => {});
    await begun;
  }

  // --- The worker

  /** A new worker with all that the last one had; whether it has. */
  async #begin() {
    let kept = true;
    this.state = "loading";
    try {
      await this.#revive();
      for (const [source, name] of this.#since) await this.#ask({ type: "run", source, name });
    } catch (error) {    // an image that no worker can take is worth nothing
      kept = false;
      this.#image = undefined;
      this.#since = [];
      this.#end();
      await this.#revive().catch((again) => {
        this.state = "broken";
        this.#starting = undefined;
        throw again;
      });
    }
    this.state = "ready";
    return kept;
  }

  async #revive() {
    this.#worker = new Worker(this.#url("worker.js"), { type: "module" });
    this.#worker.onmessage = ({ data }) => this.#hear(data);
    this.#worker.onerror = (event) => this.#hear({ type: "broken", message: event.message || "the worker failed" });
    await this.#ask({ type: "start", module: this.#module, core: this.#core, figures: this.#figures,
      image: this.#image });
  }

  #end() {
    this.#worker?.terminate();
    this.#worker = undefined;
    for (const { reject } of this.#expected.splice(0)) reject(new Error(this.#words.stopped));
  }

  #ask(message) {
    return new Promise((resolve, reject) => {
      this.#expected.push({ resolve, reject });
      this.#worker.postMessage(message);
    });
  }

  #hear(data) {
    const asked = this.#expected[0];
    if (typeof data === "string") {
      const { type, ...event } = JSON.parse(data);
      if (type === "done") asked.done = event;
      else this.#onevent?.({ type, ...event });
      return;
    }
    this.#expected.shift();
    if (data.type === "broken") asked?.reject(Object.assign(new Error(data.message), { stack: data.stack }));
    else asked?.resolve({ ...data, done: asked.done });
  }

  /** Bytes of memory that Python has taken. */
  get memory() { return this.#memory; }

  /** Keep an image of memory, so that a stop loses nothing; where that is too large, cells are run again instead. */
  async #picture() {
    if (!this.#worker || !this.#since.length || this.#memory > LARGEST) return;
    this.#image = (await this.#ask({ type: "image" })).image;
    this.#since = [];
    this.#work = 0;
  }

  /** A cell that broke Python itself (a stack that is too deep, an exit): start again, and say so. */
  async #recover(error, resolve) {
    this.#end();
    const deep = /call stack|recursion/i.test(error.message);
    const kept = await this.#begin().catch(() => false);
    const evalue = deep ? this.#words.deep : error.message.slice(-1000);
    const after = kept ? this.#words.broken : this.#words.lost;
    resolve({ ok: false, seconds: 0, ename: deep ? "RecursionError" : "SystemError", evalue, line: null, missing: null,
      traceback: `${evalue}\n${after}\n` });
  }

  #stopped() {
    const evalue = this.#words.stopped;
    return { ok: false, seconds: 0, ename: "KeyboardInterrupt", evalue, traceback: evalue, line: null, missing: null,
      stopped: true };
  }

  // --- Files

  #url(file) {
    return new URL(file, this.#base).href;
  }

  async #read() {
    if (!this.#manifest) {
      const response = await fetch(this.#url("manifest.json")).catch((error) => { throw this.#failed(error); });
      if (!response.ok) throw this.#failed(new Error(`manifest.json: ${response.status}`));
      this.#manifest = await response.json();
    }
    return this.#manifest;
  }

  /** A stream of one file's bytes, from the browser's store or the site, which is then kept in the store. */
  async #open(cache, file, bytes, onbytes) {
    const url = this.#url(file);
    let response = await cache?.match(url);
    if (!response) {
      response = await fetch(url);
      if (!response.ok) throw new Error(`${file}: ${response.status}`);
      if (cache) cache.put(url, response.clone()).catch(() => {});    // no room: fetched again the next time
    }
    let count = 0;
    return response.body.pipeThrough(new TransformStream({
      transform(chunk, controller) {
        count += chunk.byteLength;
        onbytes(count);
        controller.enqueue(chunk);
      },
      flush() {
        if (count !== bytes) throw new TypeError(`${file}: ${count} of ${bytes} bytes`);
      },
    }));
  }

  #failed(error) {
    const failed = new Error(error instanceof RangeError ? this.#words.memory : this.#words.fetch, { cause: error });
    return Object.assign(failed, { files: true });
  }
}

/** The browser's store for these files; undefined where pages have none. */
async function openCache() {
  try {
    return await globalThis.caches?.open(CACHE);
  } catch {
    return undefined;
  }
}

/** Drop from the store what an earlier version of the book left there. */
async function forget(cache, wanted) {
  for (const request of await cache?.keys() ?? []) {
    if (!wanted.includes(request.url)) await cache.delete(request);
  }
}
