// What an anywidget's front end asks of its model, kept in the page instead of in a kernel.

/** The traits of one embedded model, its base64 buffers put back as DataViews at their paths. */
export function decode({ state, buffers = [] }) {
  const traits = structuredClone(state);
  for (const { path, data, encoding } of buffers) {
    if (encoding !== "base64") throw new Error(`buffers must be base64, got ${encoding}`);
    const bytes = Uint8Array.from(atob(data), (character) => character.charCodeAt(0));
    const parent = path.slice(0, -1).reduce((node, step) => (node[step] ??= {}), traits);
    parent[path.at(-1)] = new DataView(bytes.buffer);
  }
  return traits;
}

/** get/set/on/off/save_changes as anywidget documents them; a change is told at once, to every view. */
export class Model {
  #traits;
  #listeners = new Map();

  constructor(traits) { this.#traits = traits; }

  get(name) { return this.#traits[name]; }

  set(name, value) {
    const changes = typeof name === "object" ? name : { [name]: value };
    const changed = Object.keys(changes).filter((key) => this.#traits[key] !== changes[key]);
    Object.assign(this.#traits, changes);
    for (const key of changed) this.#tell(`change:${key}`, this, changes[key]);
    if (changed.length) this.#tell("change", this);
  }

  on(events, callback) {
    for (const event of events.split(/\s+/)) {
      if (!this.#listeners.has(event)) this.#listeners.set(event, new Set());
      this.#listeners.get(event).add(callback);
    }
  }

  off(events, callback) {
    for (const event of events ? events.split(/\s+/) : [...this.#listeners.keys()]) {
      if (callback) this.#listeners.get(event)?.delete(callback);
      else this.#listeners.delete(event);
    }
  }

  save_changes() {}  // there is no kernel to tell

  send() {}

  #tell(event, ...values) {
    for (const callback of [...(this.#listeners.get(event) ?? [])]) callback(...values);
  }
}

const url = (name) => new URL(`./widgets/${name}`, import.meta.url).href;

const sheets = new Map();
/** Resolves once the style sheet is there, or cannot be had: drawn before, a widget would change its height. */
function dressed(href) {
  if (!sheets.has(href)) {
    const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href });
    sheets.set(href, new Promise((done) => { link.onload = link.onerror = () => done(); }));
    document.head.append(link);
  }
  return sheets.get(href);
}

/** Start one model: its module is loaded and initialised, with its style; `file` is where a large state is kept. */
export async function start({ module, style, file, ...rest }) {
  const kept = file && fetch(url(file)).then((response) => {
    if (!response.ok) throw new Error(`${file}: ${response.status}`);
    return response.json();
  });
  const styled = style && dressed(url(style));
  const { default: exported } = await import(url(module));
  const widget = typeof exported === "function" ? await exported() : exported;
  const model = new Model(decode((await kept) || rest));
  await widget.initialize?.({ model });
  await styled;
  return { widget, model, module };
}

/** Element → the model and the module of the widget that it shows. */
export const shown = new Map();

/** Show a started model in the element `el`; what ends the widget, where it has something to end. */
export function render({ widget, model, module }, el) {
  shown.set(el, { model, module });
  return widget.render?.({ model, el });
}
