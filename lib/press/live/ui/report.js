// A checker's report: the verdict, what was said, and the hints, one step at a time.
import { button, make } from "./dom.js";
import { words } from "./words.js";

/** `exercise` has `said(verdict)`, `passed()`, and `solution()`, which opens the solution. */
export function showReport({ passed, text, hints = [] }, exercise) {
  const [head, ...rest] = text.trim().split("\n");
  const box = make("div", { class: "live-report", "data-passed": String(passed), role: "group", tabindex: -1 },
    make("p", { class: "live-verdict" }, ...inline(head)));
  for (const block of blocks(rest)) box.append(block);
  const row = make("div", { class: "live-report-buttons" });
  box.append(row);
  const solution = exercise
    && button("solution", words.solution);
  solution?.addEventListener("click", () => exercise.solution());
  let step = 0;
  const more = button("hint", words.hint);
  more.addEventListener("click", () => {
    const said = make("p", { class: "live-hint", tabindex: -1 },
      make("strong", {}, `${words.hint_what} ${step + 1}`), " ", ...inline(hints[step]));
    row.before(said);
    step += 1;
    more.textContent = words.next_hint;
    if (step === hints.length) {
      more.replaceWith();
      if (solution) row.append(solution);
    }
    said.focus({ preventScroll: true });
  });
  if (!passed && hints.length) row.append(more);
  else if (solution) row.append(solution);
  if (exercise) exercise.said(head);
  if (exercise && passed) exercise.passed();
  return box;
}

// Lines that begin with "-" are a list, indented ones code, others paragraphs.
function* blocks(lines) {
  let list = null, code = null;
  for (const line of lines) {
    if (/^- /.test(line)) {
      if (!list) yield (list = make("ul"));
      list.append(make("li", {}, ...inline(line.slice(2))));
      code = null;
    } else if (/^( {2,}|\t)/.test(line)) {
      if (!code) yield (code = make("pre", { tabindex: 0 }));
      code.textContent += (code.textContent && "\n") + line.replace(/^ {2,4}\|? ?/, "");
      list = null;
    } else {
      [list, code] = [null, null];
      if (line.trim()) yield make("p", {}, ...inline(line));
    }
  }
}

// What stands between backticks is code.
function inline(text) {
  return text.split(/`([^`]+)`/).map((part, place) => (place % 2 ? make("code", {}, part) : part));
}
