// Labelled native controls. Each is { element, input, show(value) }; `show` draws a value without calling `onInput`.
import { html, setAttributes, setText, uniqueId } from "./dom.js";

function labelled(input, label, note, ...after) {
  const id = uniqueId("control");
  input.id = id;
  const name = html("label", { for: id }, label, note ? html("span", { class: "sb-note" }, note) : null);
  return html("div", { class: "sb-control" }, name, ...after, input);
}

// `format(value)` is shown beside the slider and spoken by screen readers; `toPosition` and `toValue` bend the scale.
export function slider({ label, note, min, max, step, format, onInput, toPosition = Number, toValue = Number }) {
  const input = html("input", { type: "range", min: toPosition(min), max: toPosition(max), step });
  const output = html("output", { "aria-hidden": "true" });
  const show = (value) => {
    const text = format(value);
    const position = String(toPosition(value));
    if (input.value !== position) input.value = position;
    setText(output, text);
    setAttributes(input, { "aria-valuetext": text });
  };
  input.addEventListener("input", () => onInput(toValue(Number(input.value))));
  return { element: labelled(input, label, note, output), input, show };
}

// `options` are [value, label] pairs.
export function select({ label, options, onInput }) {
  const input = html("select", {}, ...options.map(([value, text]) => html("option", { value }, text)));
  input.addEventListener("change", () => onInput(input.value));
  return {
    element: labelled(input, label),
    input,
    show: (value) => {
      if (input.value !== String(value)) input.value = value;
    },
  };
}

export function checkbox({ label, onInput }) {
  const input = html("input", { type: "checkbox" });
  input.addEventListener("change", () => onInput(input.checked));
  return {
    element: html("label", { class: "sb-checkbox" }, input, html("span", {}, label)),
    input,
    show: (value) => {
      input.checked = value;
    },
  };
}

export function button({ label, kind = "", onPress, icon }) {
  const text = html("span", {}, label);
  const input = html("button", { type: "button", class: `sb-button ${kind}` }, icon ?? null, text);
  input.addEventListener("click", () => onPress());
  return {
    element: input,
    input,
    show: (value) => setText(text, value),
  };
}

// A number to type. What is no number in [min, max] is not taken: the field says so and keeps the last good one.
export function numberField({ name, min, max, step, onInput }) {
  const input = html("input", { type: "number", min, max, step, inputmode: "decimal", "aria-label": name });
  let last = 0;
  input.addEventListener("input", () => {
    const value = input.valueAsNumber;
    const good = Number.isFinite(value) && value >= min && value <= max;
    input.toggleAttribute("aria-invalid", !good);
    if (good) {
      last = value;
      onInput(value);
    }
  });
  const show = (value) => {
    last = value;
    if (input.valueAsNumber !== value) input.value = String(value);
    input.removeAttribute("aria-invalid");
  };
  input.addEventListener("blur", () => show(last));
  return { element: input, input, show };
}

// A labelled control that says why it has no effect just now: excuse("reason") disables it, excuse(null) does not.
export function excusable(control) {
  const { element, input } = control;
  const reason = html("span", { id: uniqueId("reason"), class: "sb-reason", hidden: true });
  element.append(reason);
  const excuse = (text) => {
    setText(reason, text ?? "");
    reason.hidden = text === null;
    setAttributes(input, { disabled: text !== null, "aria-describedby": text === null ? null : reason.id });
  };
  return { ...control, excuse };
}
