// Symbols in running text: h(3) becomes an italic h with (3) above it, the way the equations are set; 10⁻⁷ gets a real
// exponent, because fonts draw the superscript characters at odd sizes.
import { html, svg } from "./dom.js";

const POWER = "[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+";
const STEPPED = "(C\u0303|[xhaoLysUWVbctCfig])\\(([^()\\s]+)\\)"; // C with a tilde is the LSTM's candidate
const SENTENCE = new RegExp(`(∂?)\\b(?:${STEPPED}|([UWVbcLT](?![A-Za-z0-9_(])))|(${POWER})`);
const LONE = "(C\u0303|[UWVTLbcxhaoytklCfigqvzse](?![A-Za-z0-9_(\u0303]))";
const INDEXED = "([UWV])_([a-z])(?![A-Za-z])"; // W_h: the h is set below
const EQUATION = new RegExp(`(∂?)\\b(?:${STEPPED}|${LONE})|(${POWER})|${INDEXED}`);

const plainDigits = (power) => [...power].map((digit) => "−0123456789"["⁻⁰¹²³⁴⁵⁶⁷⁸⁹".indexOf(digit)]).join("");

// Splits text into { text }, { letter, step }, { letter, index } and { power } parts. In an equation every lone letter is
// a symbol; in a sentence only those that are no words are.
export function mathParts(text, equation = false) {
  const parts = [];
  let rest = text;
  for (;;) {
    const found = rest.match(equation ? EQUATION : SENTENCE);
    if (!found) break;
    const [whole, derivative, stepped, step, lone, power, indexed, index] = found;
    if (found.index) parts.push({ text: rest.slice(0, found.index) });
    if (index) parts.push({ letter: indexed, index });
    else parts.push(power ? { power: plainDigits(power) } : { letter: derivative + (stepped ?? lone), step });
    rest = rest.slice(found.index + whole.length);
  }
  if (rest) parts.push({ text: rest });
  return parts;
}

export function math(text, equation = false) {
  const nodes = mathParts(text, equation).map(({ text: plain, letter, step, index, power }) => {
    if (power !== undefined) return html("sup", {}, power);
    if (letter === undefined) return plain;
    const small = index ? html("sub", {}, index) : step ? html("sup", {}, `(${step})`) : null;
    return html("span", { class: "sb-math" }, html("i", {}, letter), small);
  });
  const fragment = document.createDocumentFragment();
  fragment.append(...nodes);
  return fragment;
}

// The same for the labels of an SVG: text with raised exponents and steps.
export function svgMath(attributes, text, equation = false) {
  const raised = (content) => svg("tspan", { class: "sb-raised", dy: "-0.5em" }, content);
  const spans = mathParts(text, equation).flatMap(({ text: plain, letter, step, index, power }) => {
    if (power !== undefined) return [raised(power)];
    if (letter === undefined) return [plain];
    if (index) return [svg("tspan", { class: "sb-letter" }, letter), `_${index}`];
    return [svg("tspan", { class: "sb-letter" }, letter), ...(step ? [raised(`(${step})`)] : [])];
  });
  return svg("text", attributes, ...spans);
}
