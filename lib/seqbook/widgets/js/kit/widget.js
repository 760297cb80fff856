// What every widget repeats: its root with name and language, drawing when a knob or its room changes, and its end.
import { html, setAttributes } from "./dom.js";
import { translator } from "./i18n.js";
import { onChange } from "./model.js";

// `name` is the folder's, `labels` the table whose "name" says what the widget is. `build` makes the content anew for a
// language, and when a trait of `rebuildOn` (the data it is made of) changes; `draw` among its arguments asks for a
// drawing, once for several knobs that change at once. It gives
//   content   an element
//   draw()    shows what the model holds
//   sized     elements whose width matters; when one changes, `measure()` reads them and all is drawn
//   stop()    ends clocks and other listeners
export function widget({ name, labels, rebuildOn = [], build }) {
  function start(model, root) {
    let [waiting, ended] = [false, false];
    const later = () => {
      if (waiting) return;
      waiting = true;
      queueMicrotask(() => {
        waiting = false;
        if (!ended) made.draw();
      });
    };
    const label = translator(labels, model.get("lang"));
    setAttributes(root, { lang: model.get("lang"), "aria-label": label("name") });
    const made = build({ model, label, root, draw: later });
    root.replaceChildren(made.content);
    const sized = made.sized ?? [];
    const observer = new ResizeObserver(() => {
      if (sized.some((element) => element.clientWidth === 0)) return; // not laid out, e.g. in a hidden tab
      made.measure();
      made.draw();
    });
    for (const element of sized) observer.observe(element);
    const quiet = onChange(model, Object.keys(model.get("limits")), later);
    made.draw();
    return () => {
      ended = true;
      quiet();
      observer.disconnect();
      made.stop?.();
    };
  }

  function render({ model, el }) {
    const root = html("div", { class: `sb sb-${name}`, role: "group" });
    el.append(root);
    let end = start(model, root);
    const quiet = onChange(model, ["lang", "limits", ...rebuildOn], () => {
      end();
      end = start(model, root);
    });
    return () => {
      quiet();
      end();
      root.remove();
    };
  }
  return { render };
}
