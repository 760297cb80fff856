// HTML that code has shown, made harmless: no scripts, no forms, nothing fetched, nothing that leaves its place.

const TAGS = new Set(`a abbr b blockquote br caption code col colgroup dd del details div dl dt em figcaption figure h1 h2
  h3 h4 h5 h6 hr i img ins kbd li mark ol p pre q s samp small span strong sub summary sup table tbody td tfoot th thead
  tr u ul var`.split(/\s+/));
const ATTRIBUTES = new Set("alt class colspan dir height href lang open role rowspan scope src start style tabindex title width".split(" "));
const PAGE = /^(\.\.\/)?([a-z-]+\/)?[a-z-]+\.html#[a-z0-9-]+$/;    // a section of another page of the book
const STYLE = /url|image|position|expression|@|\\|behavior|--/i;

/** A fragment with what is harmless in `source`; what is not known is shown as its text, scripts and styles not at all. */
export function clean(source) {
  const { body } = new DOMParser().parseFromString(source, "text/html");
  const fragment = document.createDocumentFragment();
  for (const node of [...body.childNodes]) fragment.append(...cleaned(node));
  return fragment;
}

function cleaned(node) {
  if (node.nodeType === Node.TEXT_NODE) return [node.textContent];
  if (node.nodeType !== Node.ELEMENT_NODE || /^(script|style|template|noscript)$/i.test(node.localName)) return [];
  const children = [...node.childNodes].flatMap(cleaned);
  if (!TAGS.has(node.localName) || node.namespaceURI !== document.documentElement.namespaceURI) return children;
  const element = document.createElement(node.localName);
  for (const { name, value } of node.attributes) {
    if ((ATTRIBUTES.has(name) || name.startsWith("aria-")) && harmless(name, value)) element.setAttribute(name, value);
  }
  if (element.localName === "a") element.rel = "noopener noreferrer";
  element.append(...children);
  return [element];
}

function harmless(name, value) {
  if (name === "href") return /^(https?:|#|mailto:)/i.test(value.trim()) || PAGE.test(value);
  if (name === "src") return /^data:image\/(png|jpeg|gif|webp);/i.test(value.trim());
  if (name === "class") return /^(seqbook-report|dataframe|docutils)$/.test(value);
  if (name === "style") return !STYLE.test(value);
  return true;
}
