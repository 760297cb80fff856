// Stepping through time: play/pause, one back, one on, and a slider to scrub.
import { button, slider } from "./controls.js";
import { html, svg } from "./dom.js";
import { translator } from "./i18n.js";
import { LABELS } from "./labels.js";

const icon = (path) => svg("svg", { viewBox: "0 0 16 16", "aria-hidden": "true" }, svg("path", { d: path }));
const PLAY = "M4 2.5v11l9-5.5z";
const PAUSE = "M4 2.5h3v11H4zM9 2.5h3v11H9z";

// What one tick of the clock does: `[time, playing]` after it.
export function tick(time, last) {
  return time >= last ? [last, false] : [time + 1, time + 1 < last];
}

// `format(time)` says where it stands; `labels` = { back, on, time, … } what is said otherwise than by the kit.
// `get()` gives [time, last]; `onTime(time)` sets it; the slider is marked with the name of the `trait`.
export function player({
  lang, labels = {}, format, get, onTime, trait = "time", interval = 900, timer = globalThis,
}) {
  const own = translator(LABELS, lang);
  const label = (key) => labels[key] ?? own(key);
  let clock = null;
  const stop = () => {
    timer.clearInterval(clock);
    clock = null;
    show();
  };
  const start = () => {
    const [time, last] = get();
    if (time >= last) onTime(1); // at the end, play again from the beginning
    clock = timer.setInterval(() => {
      const [next, playing] = tick(...get());
      onTime(next);
      if (!playing) stop();
    }, interval);
    show();
  };
  const move = (by) => {
    if (clock !== null) stop();
    const [time, last] = get();
    onTime(Math.min(last, Math.max(1, time + by)));
  };

  const path = svg("path", { d: PLAY });
  const playing = button({
    label: label("play"),
    kind: "sb-primary",
    icon: svg("svg", { viewBox: "0 0 16 16", "aria-hidden": "true" }, path),
    onPress: () => (clock === null ? start() : stop()),
  });
  const named = (name, drawing, by) => {
    const step = html("button", { type: "button", class: "sb-button sb-icon", "aria-label": name, title: name });
    step.append(icon(drawing));
    step.addEventListener("click", () => move(by));
    return step;
  };
  const back = named(label("back"), "M12 2.5v11L5 8zM3 2.5h2v11H3z", -1);
  const on = named(label("on"), "M4 2.5v11L11 8zM11 2.5h2v11h-2z", 1);
  const scrub = slider({
    label: label("time"),
    min: 1,
    max: 2,
    step: 1,
    format,
    onInput: (time) => {
      if (clock !== null) stop();
      onTime(time);
    },
  });
  scrub.input.dataset.trait = trait;

  function show() {
    const [time, last] = get();
    path.setAttribute("d", clock === null ? PLAY : PAUSE);
    playing.show(clock === null ? label("play") : label("pause"));
    scrub.input.max = last;
    scrub.show(time);
  }
  show();
  const element = html("div", { class: "sb-player" }, back, playing.element, on, scrub.element);
  return { element, show, stop: () => timer.clearInterval(clock) };
}
