// Making elements. Text only ever becomes a text node, so nothing a reader types is read as markup.

const SVG = "http://www.w3.org/2000/svg";

// Attributes set to false, null or undefined are removed. What has its value already is not touched: that would cost
// the browser a new layout.
export function setAttributes(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) element.removeAttribute(name);
    else if (element.getAttribute(name) !== String(value)) element.setAttribute(name, value === true ? "" : value);
  }
  return element;
}

export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

// Calls `paint` only when the values of `key` differ from those of the last call.
export function whenChanged(paint) {
  let last = "";
  return (...key) => {
    const now = JSON.stringify(key);
    if (now === last) return;
    last = now;
    paint(...key);
  };
}

function fill(element, attributes, children) {
  setAttributes(element, attributes);
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

export const html = (tag, attributes = {}, ...children) => fill(document.createElement(tag), attributes, children);

export const svg = (tag, attributes = {}, ...children) =>
  fill(document.createElementNS(SVG, tag), attributes, children);

let count = 0;
// An id no other element of the page has, also when one widget is shown twice.
export const uniqueId = (name) => `seqbook-${name}-${(count += 1)}-${Math.random().toString(36).slice(2, 8)}`;
