// The little that every page with code loads. It brings the rest when a reader first presses a button, writes, or has
// written here before.
const page = document.body.dataset.page;
const LIVE = ".live-cell[data-kind=live]";

let notebook;
const load = () => (notebook ??= import("./notebook.js").then(({ Notebook }) => new Notebook(page)));

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-action]");
  const cell = event.target.closest(LIVE);
  if (button && (cell || button.closest(".page-actions"))) {
    (await load()).act(button, cell);
    return;
  }
  // A click into the code, but not the end of a selection: the reader wants to write there.
  const code = event.target.closest(".cell_input pre");
  if (cell && code && getSelection().isCollapsed) (await load()).edit(cell, placeOf(event, code));
});

document.addEventListener("keydown", async (event) => {
  const cell = event.target.closest?.(LIVE);
  if (!cell || event.key !== "Enter" || event.isComposing || event.target.closest(".cm-editor")) return;
  if (!event.shiftKey && !event.ctrlKey && !event.metaKey) return;
  event.preventDefault();
  (await load()).run(cell);
});

// Where in the code a click fell: the number of characters before it; null where the browser does not say.
function placeOf({ clientX, clientY }, code) {
  const found = document.caretPositionFromPoint?.(clientX, clientY);
  const [node, offset] = found
    ? [found.offsetNode, found.offset]
    : ((range) => [range?.startContainer, range?.startOffset])(document.caretRangeFromPoint?.(clientX, clientY));
  if (!node || !code.contains(node)) return null;
  const before = document.createRange();
  before.setStart(code, 0);
  before.setEnd(node, offset);
  return before.toString().length;
}

if (document.getElementById("kept")) import("./progress.js").then(({ show }) => show());
else try {
  const passed = Object.keys(JSON.parse(localStorage.getItem("seqbook:passed") ?? "{}"));
  const here = new Set([...document.querySelectorAll("[data-exercise]")].map(({ dataset }) => dataset.exercise));
  if (localStorage.getItem(`seqbook:edits:${page}`) || passed.some((exercise) => here.has(exercise))) load();
} catch {
  // storage is blocked: there is nothing to bring back
}
