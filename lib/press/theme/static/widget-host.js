// Bring the page's widgets to life without a kernel: for each embedded view, load its module and let it render.

import { decode, Model } from "./widget-model.js";

const KINDS = ["state", "view"].map((kind) => `script[type="application/vnd.jupyter.widget-${kind}+json"]`);
const embedded = new Map();
for (const script of document.querySelectorAll(KINDS[0])) {
  for (const [id, model] of Object.entries(JSON.parse(script.textContent).state)) embedded.set(id, model);
}

const started = new Map();
/** One model and one initialised module for each widget, however many views show it. */
function start(id) {
  if (!started.has(id)) {
    started.set(id, (async () => {
      const { module, style, file, ...rest } = embedded.get(id);
      const url = (name) => new URL(`./widgets/${name}`, import.meta.url).href;
      const kept = file && fetch(url(file)).then((response) => {
        if (!response.ok) throw new Error(`${file}: ${response.status}`);
        return response.json();
      });
      if (style && !document.querySelector(`link[href="${url(style)}"]`)) {
        document.head.append(Object.assign(document.createElement("link"), { rel: "stylesheet", href: url(style) }));
      }
      const { default: exported } = await import(url(module));
      const widget = typeof exported === "function" ? await exported() : exported;
      const model = new Model(decode((await kept) || rest));
      await widget.initialize?.({ model });
      return { widget, model };
    })());
  }
  return started.get(id);
}

for (const script of document.querySelectorAll(KINDS[1])) {
  const el = document.createElement("div");
  el.className = "seqbook-widget";
  script.after(el);
  start(JSON.parse(script.textContent).model_id)
    .then(({ widget, model }) => widget.render?.({ model, el }))
    .catch((error) => {
      el.className = "widget-error";
      el.textContent = document.body.dataset.widgetFailed;
      console.error(error);
    });
}
