// Bring the page's widgets to life without a kernel: for each embedded view, load its module and let it render.

import { render, start as startModel } from "./widget-model.js";

const KINDS = ["state", "view"].map((kind) => `script[type="application/vnd.jupyter.widget-${kind}+json"]`);
const embedded = new Map();
for (const script of document.querySelectorAll(KINDS[0])) {
  for (const [id, model] of Object.entries(JSON.parse(script.textContent).state)) embedded.set(id, model);
}

const started = new Map();
/** One model and one initialised module for each widget, however many views show it. */
function start(id) {
  if (!started.has(id)) started.set(id, startModel(embedded.get(id)));
  return started.get(id);
}

/** Resolves when the reader is about to see the place `el`. */
function near(el) {
  return new Promise((resolve) => {
    const watch = new IntersectionObserver((entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      watch.disconnect();
      resolve();
    }, { rootMargin: "800px" });
    watch.observe(el);
  });
}

let large = Promise.resolve();  // large states come one after another, the page's first before all others
for (const script of document.querySelectorAll(KINDS[1])) {
  const el = script.nextElementSibling;  // where room is kept for it
  const { model_id: id } = JSON.parse(script.textContent);
  const { file } = embedded.get(id);
  const waits = "near" in el.dataset;
  const widget = waits ? near(el).then(() => start(id)) : file ? large.then(() => start(id)) : start(id);
  if (file && !waits) large = widget.catch(() => {});  // said below; the next comes all the same
  widget
    .then((widget) => render(widget, el))
    .catch((error) => {
      el.className = "widget-error";
      el.textContent = document.body.dataset.widgetFailed;
      console.error(error);
    });
}
