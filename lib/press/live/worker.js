// The worker in which Python lives: its files, its clock, one cell after another, and images of its memory.
//
// It is told { type: "start", module, core, figures?, image? }, { type: "mount", figures }, { type: "run", source, name }
// and { type: "image" }, and says { type: "ready" | "mounted" | "ran" | "image" | "broken" }. What Python says by itself
// (streams, displays, the end of a cell) is passed on as the JSON text it is.

import {
  ConsoleStdout, Directory, File, OpenDirectory, OpenFile, PreopenDirectory, WASI, wasi,
} from "@bjorn3/browser_wasi_shim";

const PAGE = 65536;    // bytes by which memory grows
const STANDARD = 3;    // files 0, 1 and 2, then the folders that are open from the start
const encoder = new TextEncoder(), decoder = new TextDecoder();

const library = new PreopenDirectory("/lib", new Map());
const temporary = new PreopenDirectory("/tmp", new Map());
let system, python;
let complaint = "";    // the end of what Python wrote past the kernel

// The shim grants folders no rights that files in them inherit, so nothing could be written.
OpenDirectory.prototype.fd_fdstat_get = () => {
  const stat = new wasi.Fdstat(wasi.FILETYPE_DIRECTORY, 0);
  stat.fs_rights_base = stat.fs_rights_inherited = 0x1fffffffn;
  return { ret: 0, fdstat: stat };
};

/** The folder at `path` below `root`, made where it is not there. */
function folder(root, path) {
  let inside = root;
  for (const name of path.split("/").slice(0, -1)) {
    if (!inside.contents.has(name)) {
      const made = new Directory(new Map());
      made.parent = inside;
      inside.contents.set(name, made);
    }
    inside = inside.contents.get(name);
  }
  return inside;
}

function put(root, path, bytes, readonly) {
  const file = new File([], { readonly });
  file.data = bytes;
  folder(root, path).contents.set(path.slice(path.lastIndexOf("/") + 1), file);
}

/** Mount a pack (see packs.py) below /lib; its files are views of its bytes. */
function mount(pack) {
  const head = new DataView(pack).getUint32(0, true);
  let place = 4 + head;
  for (const [path, size] of JSON.parse(decoder.decode(new Uint8Array(pack, 4, head)))) {
    put(library.dir, path, new Uint8Array(pack, place, size), true);
    place += size;
  }
}

function instantiate(module) {
  const console_ = () => new ConsoleStdout((bytes) => {
    complaint = (complaint + decoder.decode(bytes)).slice(-4000);
  });
  // Where Python looks for its standard library: a folder may stand for the archive.
  const home = new PreopenDirectory("/usr/local/lib", new Map([["python315.zip", folder(library.dir, "std/")]]));
  const files = [new OpenFile(new File([])), console_(), console_(), library, home, temporary];
  const environment = ["HOME=/tmp", "TMPDIR=/tmp", "NO_COLOR=1", "PYTHONDONTWRITEBYTECODE=1", "MPLCONFIGDIR=/tmp/matplotlib",
    "MPLBACKEND=module://live_figures"];
  system = new WASI(["/usr/local/bin/python.wasm"], environment, files, { debug: false });
  Object.assign(system.wasiImport, { clock_time_get, poll_oneoff });
  const instance = new WebAssembly.Instance(module, {
    wasi_snapshot_preview1: system.wasiImport, host: { call: passOn },
  });
  system.inst = instance;
  python = instance.exports;
}

/** Python's call to its host: JSON out, nothing but {} back. */
function passOn(place, size, answerPlace, answerSize) {
  postMessage(decoder.decode(new Uint8Array(python.memory.buffer, place >>> 0, size >>> 0)));
  const answer = python.host_alloc(2) >>> 0;
  new Uint8Array(python.memory.buffer).set([123, 125], answer);
  const view = new DataView(python.memory.buffer);
  view.setUint32(answerPlace >>> 0, answer, true);
  view.setUint32(answerSize >>> 0, 2, true);
  return 0;
}

const now = (clock) => (clock === wasi.CLOCKID_REALTIME ? performance.timeOrigin : 0) + performance.now();    // ms

/** The shim's clock of the day counts in whole milliseconds. */
function clock_time_get(clock, _precision, place) {
  new DataView(python.memory.buffer).setBigUint64(place >>> 0, BigInt(Math.round(now(clock) * 1e6)), true);
  return wasi.ERRNO_SUCCESS;
}

// A lock that nobody opens: waiting for it with a limit sleeps. (The shim's own waits keep the processor busy.)
const lock = new Int32Array(new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true }).buffer);

function poll_oneoff(subscriptions, events, count, counted) {
  const view = new DataView(python.memory.buffer);
  const asked = subscriptions >>> 0, event = events >>> 0;
  if (count !== 1 || view.getUint8(asked + 8) !== wasi.EVENTTYPE_CLOCK) return wasi.ERRNO_NOTSUP;
  let wait = Number(view.getBigUint64(asked + 24, true)) / 1e6;
  if (view.getUint16(asked + 40, true) & wasi.SUBCLOCKFLAGS_SUBSCRIPTION_CLOCK_ABSTIME) {
    wait -= now(view.getUint32(asked + 16, true));
  }
  if (wait > 0) Atomics.wait(lock, 0, 0, wait);
  view.setBigUint64(event, view.getBigUint64(asked, true), true);    // whose event it is
  view.setUint16(event + 8, wasi.ERRNO_SUCCESS, true);
  view.setUint8(event + 10, wasi.EVENTTYPE_CLOCK);
  view.setUint32(counted >>> 0, 1, true);
  return wasi.ERRNO_SUCCESS;
}

/** Run Python source at top level; an Error with its last words where it failed. */
function turn(source) {
  const bytes = encoder.encode(source);
  const place = python.host_alloc(bytes.length) >>> 0;
  new Uint8Array(python.memory.buffer).set(bytes, place);
  complaint = "";
  if (python.turn(place, bytes.length)) throw new Error(complaint || "Python failed");
}

// --- An image: memory between two cells is all there is of Python, besides the files in /tmp and what is open

function image() {
  return {
    memory: python.memory.buffer.slice(0),
    files: [...filesIn(temporary.dir)].map(([path, file]) => [path, file.data.slice()]),
    open: openFiles(),
  };
}

function restore({ memory, files, open }) {
  const missing = memory.byteLength - python.memory.buffer.byteLength;
  if (missing > 0) python.memory.grow(missing / PAGE);
  new Uint8Array(python.memory.buffer).set(new Uint8Array(memory));
  for (const [path, bytes] of files) put(temporary.dir, path, bytes, false);
  const places = new Map([library, temporary].flatMap((root) => {
    return [...filesIn(root.dir)].map(([path, file]) => [`${root.prestat_name}/${path}`, file]);
  }));
  open.forEach((entry, number) => {
    if (number < STANDARD + 3) return;
    system.fds[number] = undefined;
    if (entry && places.has(entry.path)) {
      system.fds[number] = new OpenFile(places.get(entry.path));
      system.fds[number].file_pos = entry.position;
    }
  });
}

function* filesIn(root, path = "") {
  for (const [name, entry] of root.contents) {
    if (entry instanceof Directory) yield* filesIn(entry, `${path}${name}/`);
    else yield [path + name, entry];
  }
}

function openFiles() {
  const paths = new Map([library, temporary].flatMap((root) => {
    return [...filesIn(root.dir)].map(([path, file]) => [file, `${root.prestat_name}/${path}`]);
  }));
  return system.fds.map((open) => open instanceof OpenFile && paths.has(open.file)
    ? { path: paths.get(open.file), position: open.file_pos } : null);
}

// --- What the page asks for

const asText = (text) => JSON.stringify(text).replace(/[\u007f-\uffff]/g, (character) => {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
});

const MOUNTED = "import live_kernel; live_kernel.mounted()";

const asked = {
  async start({ module, core, figures, image: kept }) {
    for (const pack of [core, figures].filter(Boolean)) mount(await pack.arrayBuffer());    // of files in an image, too
    instantiate(module);
    if (kept) {
      restore(kept);
    } else {
      python._initialize?.();
      turn("import sys; sys.path.append('/lib/book'); import live_kernel");
    }
    if (figures) turn(MOUNTED);
    return { type: "ready" };
  },
  async mount({ figures }) {
    mount(await figures.arrayBuffer());
    turn(MOUNTED);
    return { type: "mounted" };
  },
  async run({ source, name }) {
    turn(`import live_kernel; live_kernel.run(${asText(source)}, ${asText(name)})`);
    return { type: "ran", memory: python.memory.buffer.byteLength };
  },
  async image() {
    return { type: "image", image: image() };
  },
};

async function answered(data) {
  try {
    const answer = await asked[data.type](data);
    postMessage(answer, answer.image ? [answer.image.memory] : []);
  } catch (error) {
    postMessage({ type: "broken", message: String(error?.message ?? error), stack: String(error?.stack ?? "") });
  }
}

// One after the other, as the page expects the answers: figures may come while Python is still starting.
let before = Promise.resolve();
onmessage = ({ data }) => {
  before = before.then(() => answered(data));
};
