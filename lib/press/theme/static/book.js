// What every page does beyond being read: theme, contents on a phone, language switch, copying, scrolling by keyboard.

const { documentElement: root, body } = document;

// --- light and dark ---
document.querySelector(".theme-button").addEventListener("click", () => {
  root.dataset.theme = root.dataset.theme === "dark" ? "light" : "dark";
  try { localStorage.setItem("theme", root.dataset.theme); } catch { /* storage is blocked: for this page only */ }
});

// --- the book's contents, a drawer on small screens ---
const menu = document.querySelector(".menu-button");
const backdrop = body.appendChild(Object.assign(document.createElement("div"), { className: "nav-backdrop" }));
const open = (wanted) => {
  root.classList.toggle("nav-open", wanted);
  menu.setAttribute("aria-expanded", String(wanted));
  if (wanted) document.querySelector("#book-nav a").focus();
};
menu.addEventListener("click", () => open(!root.classList.contains("nav-open")));
backdrop.addEventListener("click", () => open(false));
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && root.classList.contains("nav-open")) { open(false); menu.focus(); }
});
const here = document.querySelector("#book-nav .current[class~=toctree-l1] > a, #book-nav .home.current > a");
here?.setAttribute("aria-current", "page");
here?.scrollIntoView({ block: "nearest" });

// --- what an address leads to is not left in a closed fold ---
function unfoldTarget() {
  const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!target) return;
  const folds = [target.querySelector(":scope > details.deeper"), target.closest("details.deeper")].filter(Boolean);
  if (folds.every((fold) => fold.open)) return;
  for (const fold of folds) fold.open = true;
  target.scrollIntoView();
}
addEventListener("hashchange", unfoldTarget);
unfoldTarget();

// --- where the reader is: marked in the page's contents, kept by the language switch ---
const sections = [...document.querySelectorAll(".prose section[id]")];
const tocLinks = new Map([...document.querySelectorAll(".page-toc a")].map((link) => [link.hash.slice(1), link]));
const switches = [...document.querySelectorAll("[data-language-switch]")];
const address = switches.map((link) => link.getAttribute("href"));
function markSection() {
  const line = window.innerHeight * 0.3;
  const shown = sections.filter((section) => section.checkVisibility());  // not those in a closed fold
  const current = shown.filter((section) => section.getBoundingClientRect().top <= line).at(-1);
  for (const [id, link] of tocLinks) {
    if (id === current?.id) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
  const id = window.scrollY > 0 && current && current !== sections[0] ? `#${current.id}` : "";
  switches.forEach((link, i) => { link.href = address[i] + location.search + id; });
}
let waiting = false;
addEventListener("scroll", () => {
  if (waiting) return;
  waiting = true;
  requestAnimationFrame(() => { waiting = false; markSection(); });
}, { passive: true });
addEventListener("hashchange", markSection);
markSection();

// --- copying code ---
const CODE = ".cell_input .highlight, .prose > section > div[class^=highlight-] .highlight";
for (const block of document.querySelectorAll(CODE)) {
  const button = Object.assign(document.createElement("button"), { type: "button", className: "copy-button" });
  button.textContent = body.dataset.copy;
  button.setAttribute("aria-label", body.dataset.copyCode);
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(block.querySelector("pre").textContent);
    button.textContent = body.dataset.copied;
    setTimeout(() => { button.textContent = body.dataset.copy; }, 1500);
  });
  block.append(button);
}

// --- what scrolls sideways can be scrolled by keyboard and has a name ---
const SCROLLING = [
  ["pre", "scrollCode"],
  ["div.math, .wide-inline", "scrollMath"],
  [".table-scroll, .output.text_html", "scrollTable"],
];
function markScrolling(within) {
  for (const formula of within.querySelectorAll(":is(p, li, dd) span.math")) {
    const room = formula.closest("p, li, dd").clientWidth;
    if (!room || formula.closest("table")) continue;  // in a closed fold; in a table, which scrolls itself
    const widest = Math.max(...[...formula.querySelectorAll(".base")].map((base) => base.getBoundingClientRect().width));
    if (widest > room) formula.classList.add("wide-inline");
    const glue = formula.closest(".glue");
    if (glue?.getBoundingClientRect().width > room) glue.classList.remove("glue");
  }
  for (const [selector, label] of SCROLLING) {
    for (const element of within.querySelectorAll(`:is(${selector})`)) {
      if (element.scrollWidth <= element.clientWidth || element.hasAttribute("tabindex")) continue;
      element.tabIndex = 0;
      element.setAttribute("role", "group");
      element.setAttribute("aria-label", body.dataset[label]);
    }
  }
}
const prose = document.querySelector(".prose");
addEventListener("resize", () => markScrolling(prose));
document.addEventListener("toggle", (event) => markScrolling(event.target), true);

// --- a formula is copied as its TeX, once ---
document.addEventListener("copy", (event) => {
  const selection = getSelection();
  if (!selection.rangeCount || selection.isCollapsed) return;
  const range = selection.getRangeAt(0).cloneRange();
  const around = (node) => (node.nodeType === Node.TEXT_NODE ? node.parentElement : node).closest?.(".katex");
  const [first, last] = [around(range.startContainer), around(range.endContainer)];
  if (first) range.setStartBefore(first);  // a formula is taken whole
  if (last) range.setEndAfter(last);
  const copied = range.cloneContents();
  if (!copied.querySelector(".katex")) return;
  for (const formula of copied.querySelectorAll(".katex")) {
    const displayed = formula.closest(".katex-display");
    const marks = displayed ? "$$" : "$";
    const tex = formula.querySelector("annotation[encoding='application/x-tex']").textContent;
    const written = Object.assign(document.createElement("span"), { textContent: `${marks}${tex}${marks}` });
    written.style.whiteSpace = "pre-wrap";
    (displayed ?? formula).replaceWith(written);
  }
  const holder = document.createElement("div");
  holder.append(copied);
  for (const link of holder.querySelectorAll("a[href]")) link.href = link.href;  // whole addresses, as ever
  body.append(holder);  // in what is laid out a paragraph is one line, however its source is wrapped
  event.clipboardData.setData("text/html", holder.innerHTML);
  event.clipboardData.setData("text/plain", holder.innerText);
  holder.remove();
  event.preventDefault();
});

// --- once everything has come, lay out what is far away, section by section, while the page is idle ---
const idle = () => new Promise((done) => {
  if ("requestIdleCallback" in window) requestIdleCallback(done, { timeout: 100 });
  else setTimeout(done);
});
let moved = false;
for (const kind of ["wheel", "touchmove", "keydown", "pointerdown"]) {
  addEventListener(kind, () => { moved = true; }, { once: true, passive: true });
}
async function settle() {
  for (const section of document.querySelectorAll(".prose > section > section")) {
    await idle();
    section.style.contentVisibility = "visible";
    markScrolling(section);
  }
  markScrolling(prose);
  // What was asked for may have moved meanwhile: bring it back under the eyes of a reader who has not moved on.
  if (location.hash && !moved) document.getElementById(decodeURIComponent(location.hash.slice(1)))?.scrollIntoView();
  markSection();
  root.dataset.ready = "";
}
if (document.readyState === "complete") settle();
else addEventListener("load", settle);
