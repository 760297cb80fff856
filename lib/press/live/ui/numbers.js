// "Check these numbers": what a widget draws, computed once more by seqbook in the page's Python.
import { shown } from "./widget-model.js";
import { fill, words } from "./words.js";

/** The sentence that says how far the widget in `cell` and Python are apart; `run(source, onevent)` runs Python. */
export async function compare(cell, run) {
  const { module, model } = shown.get(cell.querySelector(".seqbook-widget")) ?? {};
  if (!model) throw new Error(words.numbers_failed); // it could not be drawn
  const name = module.replace(/-[0-9a-f]+\.js$/, "");
  const { numbers } = await import(new URL(`./numbers/${name}.js`, import.meta.url).href);
  const get = (trait) => model.get(trait);
  const knobs = Object.fromEntries(Object.keys(get("limits")).map((knob) => [knob, get(knob)]));
  let written = "";
  const result = await run(program(name, get("lang"), knobs, get("specimen")?.predicts), (event) => {
    if (event.type === "stream" && event.name === "stdout") written += event.text;
  });
  if (!result.ok) throw new Error(`${words.numbers_failed} ${result.ename}: ${result.evalue}`);
  const [python, page] = [JSON.parse(written), numbers(get)];
  let [count, largest] = [0, 0];
  for (const [key, values] of Object.entries(python)) {
    const [wanted, drawn] = [flat(values), flat(page[key])];
    if (wanted.length !== drawn.length) throw new Error(words.numbers_failed);
    wanted.forEach((value, place) => {
      if (value === null || Number.isNaN(drawn[place])) return; // no number there
      count += 1;
      largest = Math.max(largest, Math.abs(value - drawn[place]));
    });
  }
  return fill(words.numbers_same, { count: count.toLocaleString(), difference: Number(largest.toPrecision(2)).toString() });
}

const flat = (values) => (typeof values === "object" && values !== null ? [...values].flatMap(flat) : [values]);

// A widget is made anew with the settings of the one that is drawn. Nothing of it stays among the reader's variables.
function program(name, lang, knobs, predicts) {
  const kind = name.split("_").map((word) => word[0].toUpperCase() + word.slice(1)).join("");
  const models = { next: "documentation", number: "adding", classes: "korean" };
  const model = predicts ? `"${models[predicts]}", ` : "";
  return `def _seqbook_numbers():
    import json
    import numpy as np
    from seqbook.widgets import ${kind}
    widget = ${kind}(${model}lang=${JSON.stringify(lang)})
    for name, value in json.loads(${JSON.stringify(JSON.stringify(knobs))}).items():
        if value is not None or getattr(widget, name) is not None:
            setattr(widget, name, value)
    plain = lambda v: [plain(e) for e in v] if isinstance(v, list) else v if np.isfinite(v) else None
    print(json.dumps({name: plain(np.asarray(v, float).tolist()) for name, v in widget.numbers().items()}))
_seqbook_numbers()
del _seqbook_numbers`;
}
