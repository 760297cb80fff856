// Making elements. Text only ever becomes a text node, so nothing a reader types is read as markup.

const SVG = "http://www.w3.org/2000/svg";

// Attributes set to false, null or undefined are removed; functions named on… become listeners.
export function setAttributes(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name.slice(2), value);
    else if (value === false || value === null || value === undefined) element.removeAttribute(name);
    else element.setAttribute(name, value === true ? "" : value);
  }
  return element;
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
