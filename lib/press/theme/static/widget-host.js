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

for (const script of document.querySelectorAll(KINDS[1])) {
  const el = script.nextElementSibling;  // where room is kept for it
  start(JSON.parse(script.textContent).model_id)
    .then((widget) => render(widget, el))
    .catch((error) => {
      el.className = "widget-error";
      el.textContent = document.body.dataset.widgetFailed;
      console.error(error);
    });
}
