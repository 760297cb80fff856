// What the reader sets besides the cells: the text, ready-made masks, padding, blocks, the position and the network.
import { html, setAttributes, uniqueId } from "../kit/dom.js";
import { knobs } from "../kit/knobs.js";
import { assign } from "../kit/model.js";
import { textField, wellFormed } from "../kit/text-field.js";
import { visible } from "./reading.js";

// The field, and under it what of the text is not read as it was typed.
export function sentence({ model, label }) {
  const field = textField({ name: label("text"), onText: (text) => assign(model, { text }) });
  function show({ letters, ids, unread }, limit) {
    const text = model.get("text");
    if (wellFormed(field.input.value) !== text) field.show(text); // not while a syllable is being put together
    const strange = [...new Set(letters.filter((_, n) => ids[n] === 0))].map(visible);
    field.say(
      label("reads", { count: letters.length, limit }),
      ...(strange.length ? [label("unknown", { list: strange.join(" ") })] : []),
      ...(unread ? [label("unread", { limit, count: unread })] : []),
    );
  }
  return { element: field.element, show };
}

const GROUPS = {
  right: ["causal", "padding"],
  blank: ["open", "closed"],
  mistakes: ["off_by_one", "strict", "transposed", "inverted", "padding_in_query"],
};

// Buttons of ready-made masks; those about padding bring some where there is none.
export function presets({ model, label }) {
  const buttons = [];
  const button = (preset) => {
    const attributes = { type: "button", class: "sb-button", "data-preset": preset };
    const input = html("button", attributes, label(`mask_${preset}`));
    input.addEventListener("click", () => {
      const padded = preset.startsWith("padding") && model.get("padding") === 0;
      assign(model, { mask: preset, ...(padded ? { padding: 2 } : {}) });
    });
    buttons.push([preset, input]);
    return input;
  };
  const groups = Object.entries(GROUPS).map(([group, names]) => {
    const heading = html("span", { class: "sb-heading", id: uniqueId(group) }, label(`group_${group}`));
    const attributes = { class: "sb-presets", role: "group", "aria-labelledby": heading.id };
    return html("div", attributes, heading, ...names.map(button));
  });
  function show() {
    const mask = model.get("mask");
    for (const [preset, input] of buttons) setAttributes(input, { "aria-pressed": String(preset === mask) });
  }
  return { element: html("div", { class: "sb-groups" }, ...groups), show };
}

export function choices({ model, label }) {
  const knob = knobs(model, label);
  let scene = { letters: [] };
  const [layers, trained, padding] = [knob.select("layers"), knob.select("trained"), knob.slider("padding")];
  const time = knob.slider("time", {
    format: (t) => label("timeOf", { t, letter: visible(scene.letters[t - 1] ?? " ") }),
  });
  const elements = [time, padding, layers, trained].map((control) => control.element);

  function show(next) {
    scene = next;
    for (const [name, control] of Object.entries({ layers, trained, padding })) control.show(model.get(name));
    time.input.max = Math.max(1, scene.letters.length);
    time.show(scene.t ?? 1);
  }
  return { elements, show };
}
