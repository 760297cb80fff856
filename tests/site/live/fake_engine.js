// An engine of the same interface as the page's Python, for tests of the interface alone: it understands a few forms.
//   print("…")   write("…") to stderr   display({…})   clear()   # hold   while True   x = …   def f   use(x)
//   raise Error("…")   check("chapter/name", f)
// `fakeEngine` holds what it was asked, and what the test wants: at `hold` it waits until that is taken back.
const pause = (ms) => new Promise((done) => setTimeout(done, ms));
const settings = (window.fakeEngine ??= { log: [], broken: "", hold: false });
const held = async () => { while (settings.hold) await pause(20); };

export class Engine {
  state = "off";
  #names = new Set(["print", "check"]);
  #run = null;

  constructor({ base, lang }) { settings.log.push(["made", base, lang]); }

  async size() { return { core: 11e6, figures: 9e6, total: 20e6, kept: Boolean(settings.kept) }; }

  async start({ onprogress }) {
    settings.log.push(["start"]);
    this.state = "loading";
    for (let done = 0; done <= 4; done++) {
      onprogress({ done: done * 5e6, total: 20e6 });
      if (done === 2) await held();
    }
    if (settings.broken) {
      this.state = "broken";
      throw new Error(settings.broken);
    }
    this.state = "ready";
  }

  async run(source, { name, onevent }) {
    settings.log.push(["run", name, source]);
    this.state = "busy";
    const began = performance.now();
    let ended = false;
    this.#run = () => { ended = true; };
    const seconds = () => (performance.now() - began) / 1000;
    const lines = source.split("\n");
    const failure = (line, ename, evalue, more = {}) => {
      this.state = "ready";
      return { ok: false, seconds: seconds(), ename, evalue, line,
        traceback: `Cell line ${line}\n    ${lines[line - 1]}\n${ename}: ${evalue}`, ...more };
    };
    for (const [place, line] of lines.entries()) {
      if (ended) return new Promise(() => {});
      const at = (pattern) => line.match(pattern);
      let found;
      if ((found = at(/^print\("(.*)"\)/))) {
        onevent({ type: "stream", name: "stdout", text: `${found[1].replace(/\\r/g, "\r").replace(/\\n/g, "\n")}\n` });
      } else if ((found = at(/^write\("(.*)"\)/))) {
        onevent({ type: "stream", name: "stderr", text: found[1].replace(/\\r/g, "\r") });
      } else if ((found = at(/^display\((.*)\)$/))) {
        onevent({ type: "display", data: JSON.parse(found[1]) });
      } else if (at(/^# hold/)) {
        await held();
      } else if (at(/^while True/)) {
        while (!ended) await pause(20);
      } else if (at(/^clear\(\)/)) {
        onevent({ type: "clear" });
      } else if ((found = at(/^raise (\w+)\("(.*)"\)/))) {
        return failure(place + 1, found[1], found[2]);
      } else if ((found = at(/^(\w+) = /))) {
        this.#names.add(found[1]);
      } else if ((found = at(/^def (\w+)/))) {
        this.#names.add(found[1]);
        this[found[1]] = source;
      } else if ((found = at(/^use\((\w+)\)/)) && !this.#names.has(found[1])) {
        return failure(place + 1, "NameError", `name '${found[1]}' is not defined`, { missing: found[1] });
      } else if ((found = at(/^check\("([\w/-]+)", (\w+)\)/))) {
        onevent({ type: "display", data: { "text/plain": "report", "application/vnd.seqbook.report+json":
          settings.report(found[1], this[found[2]] ?? "") } });
      }
    }
    this.state = "ready";
    return { ok: true, seconds: seconds() };
  }

  async stop() {
    settings.log.push(["stop"]);
    this.#run?.();
    await pause(30);
    this.state = "ready";
  }
}
