// The page of all exercises: those passed, code edited, and the one file in which both travel.
import { download, make } from "./dom.js";
import { Store } from "./store.js";
import { fill, words } from "./words.js";

export function show() {
  const page = document.getElementById("kept");
  const store = new Store();
  const said = page.querySelector(".progress-said");
  const draw = () => {
    const passed = store.passed();
    for (const chapter of page.querySelectorAll(".progress-chapter")) {
      const exercises = [...chapter.querySelectorAll("[data-exercise]")];
      const done = exercises.filter((each) => each.dataset.exercise in passed);
      for (const each of exercises) {
        const state = each.querySelector(".progress-state");
        const time = passed[each.dataset.exercise];
        each.toggleAttribute("data-passed", Boolean(time));
        state.textContent = time
          ? `${words.passed} · ${new Date(time).toLocaleDateString(document.documentElement.lang)}`
          : words.progress_not_yet;
      }
      const edits = Object.keys(store.edits(chapter.dataset.page)).length;
      chapter.hidden = !exercises.length && !edits;
      chapter.querySelector(".progress-count").textContent = [
        exercises.length && fill(words.progress_count, { passed: done.length, all: exercises.length }),
        edits && fill(words.progress_edits, { count: edits }),
      ].filter(Boolean).join(" · ");
    }
  };
  const actions = {
    export: () => {
      const name = `seqbook-progress-${new Date().toISOString().slice(0, 10)}.json`;
      download(name, store.export(), "application/json");
      said.textContent = fill(words.progress_exported, { name });
    },
    import: () => {
      const chosen = make("input", { type: "file", accept: ".json,application/json", hidden: true });
      chosen.addEventListener("change", async () => {
        const count = store.import(await chosen.files[0].text());
        said.textContent = count ? fill(words.progress_imported, count) : words.progress_wrong;
        chosen.remove();
        draw();
      });
      page.append(chosen);
      chosen.click();
    },
    forget: () => {
      if (!confirm(words.progress_forget_sure)) return;
      store.forget();
      said.textContent = words.progress_forgotten;
      draw();
    },
  };
  for (const [name, act] of Object.entries(actions)) {
    page.querySelector(`[data-action=${name}]`).addEventListener("click", act);
  }
  page.querySelector(".progress-buttons").hidden = false;
  draw();
}
