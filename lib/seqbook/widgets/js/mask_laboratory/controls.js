// What the reader sets besides the cells: the text, ready-made masks, padding, blocks, the position and the network.
import { html, setAttributes, uniqueId, whenChanged } from "../kit/dom.js";
import { knobs } from "../kit/knobs.js";
import { assign } from "../kit/model.js";
import { visible, wellFormed } from "./reading.js";

// The field, and under it what of the text is not read as it was typed.
export function sentence({ model, label }) {
  const field = html("input", {
    type: "text", spellcheck: "false", autocapitalize: "off", autocomplete: "off", dir: "auto", "data-trait": "text",
  });
  field.id = uniqueId("text");
  const status = html("p", { class: "sb-quiet", id: `${field.id}-status`, "aria-live": "polite" });
  setAttributes(field, { "aria-describedby": status.id });
  field.addEventListener("input", () => assign(model, { text: wellFormed(field.value) }));

  const say = whenChanged((...lines) => status.replaceChildren(lines.join(" ")));
  function show({ letters, ids, unread }, limit) {
    const text = model.get("text");
    if (wellFormed(field.value) !== text) field.value = text; // not while a syllable is being put together
    const strange = [...new Set(letters.filter((_, n) => ids[n] === 0))].map(visible);
    say(
      label("reads", { count: letters.length, limit }),
      ...(strange.length ? [label("unknown", { list: strange.join(" ") })] : []),
      ...(unread ? [label("unread", { limit, count: unread })] : []),
    );
  }
  const name = html("label", { for: field.id }, label("text"));
  return { element: html("div", { class: "sb-field" }, name, field, status), show };
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
    const input = html("button", { type: "button", class: "sb-button", "data-preset": preset }, label(`mask_${preset}`));
    input.addEventListener("click", () => {
      const padded = preset.startsWith("padding") && model.get("padding") === 0;
      assign(model, { mask: preset, ...(padded ? { padding: 2 } : {}) });
    });
    buttons.push([preset, input]);
    return input;
  };
  const groups = Object.entries(GROUPS).map(([group, names]) => {
    const heading = html("span", { class: "sb-heading", id: uniqueId(group) }, label(`group_${group}`));
    return html("div", { class: "sb-presets", role: "group", "aria-labelledby": heading.id }, heading, ...names.map(button));
  });
  function show() {
    for (const [preset, input] of buttons) setAttributes(input, { "aria-pressed": String(model.get("mask") === preset) });
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
