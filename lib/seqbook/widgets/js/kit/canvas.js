// Canvases as sharp as the screen, in the colours that the page's theme gives to the style sheets' variables.
import { html } from "./dom.js";

// Sizes a canvas in CSS pixels and clears it; gives its context.
export function fitCanvas(canvas, width, height) {
  const ratio = globalThis.devicePixelRatio || 1;
  const [w, h] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== w || canvas.height !== h) Object.assign(canvas, { width: w, height: h });
  Object.assign(canvas.style, { width: `${width}px`, height: `${height}px` });
  const context = canvas.getContext("2d");
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  return context;
}

// `read()` gives { name: colour } for variables such as --sb-ink; `onChange` is called when the theme changes.
export function palette(names, onChange) {
  const probes = names.map((name) => html("span", { style: `color: var(--sb-${name})` }));
  const element = html("span", { hidden: true }, ...probes);
  let colours = null;
  const read = () => {
    colours ??= Object.fromEntries(names.map((name, n) => [name, getComputedStyle(probes[n]).color]));
    return colours;
  };
  const renew = () => {
    colours = null;
    onChange();
  };
  const observer = new MutationObserver(renew);
  for (const node of [document.documentElement, document.body]) {
    observer.observe(node, {
      attributes: true,
      attributeFilter: ["class", "theme", "data-theme", "data-jp-theme-light"],
    });
  }
  const system = window.matchMedia("(prefers-color-scheme: dark)");
  system.addEventListener("change", renew);
  const stop = () => {
    observer.disconnect();
    system.removeEventListener("change", renew);
  };
  return { element, read, stop };
}
