// The code editor: CodeMirror with Python's colours in the book's own. Tab leaves it; Ctrl+] and Ctrl+[ indent.
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { pythonLanguage } from "@codemirror/lang-python";
import { bracketMatching, HighlightStyle, indentOnInput, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { EditorState, StateEffect, StateField } from "@codemirror/state";
import { Decoration, drawSelection, EditorView, highlightSpecialChars, keymap } from "@codemirror/view";
import { tags } from "@lezer/highlight";

const colours = HighlightStyle.define([
  { tag: tags.comment, color: "var(--code-comment)" },
  { tag: [tags.keyword, tags.operatorKeyword, tags.bool, tags.null], color: "var(--code-keyword)", fontWeight: "600" },
  { tag: [tags.string, tags.special(tags.string)], color: "var(--code-string)" },
  { tag: tags.number, color: "var(--code-number)" },
  { tag: [tags.definition(tags.function(tags.variableName)), tags.definition(tags.className)],
    color: "var(--code-name)", fontWeight: "600" },
  { tag: [tags.standard(tags.variableName), tags.self, tags.meta], color: "var(--code-builtin)" },
]);

const setLine = StateEffect.define();
const wrongLine = StateField.define({
  create: () => Decoration.none,
  update(marks, transaction) {
    let shown = transaction.docChanged ? Decoration.none : marks;
    for (const effect of transaction.effects) {
      if (!effect.is(setLine)) continue;
      const inside = effect.value >= 1 && effect.value <= transaction.state.doc.lines;
      shown = inside
        ? Decoration.set(Decoration.line({ class: "cm-wrong" }).range(transaction.state.doc.line(effect.value).from))
        : Decoration.none;
    }
    return shown;
  },
  provide: (field) => EditorView.decorations.from(field),
});

/** An editor in `parent`; `onchange(text)`, `onrun()`. It has `text`, `markLine(number)`, `focus(place)`, `destroy()`. */
export function createEditor({ parent, text, label, describedBy, onchange, onrun }) {
  const run = () => {
    onrun();
    return true;
  };
  const view = new EditorView({
    parent,
    state: EditorState.create({
      doc: text,
      extensions: [
        history(), drawSelection(), highlightSpecialChars(), indentOnInput(), bracketMatching(),
        indentUnit.of("    "), EditorState.tabSize.of(4), pythonLanguage, syntaxHighlighting(colours), wrongLine,
        keymap.of([{ key: "Shift-Enter", run }, { key: "Mod-Enter", run }, { key: "Ctrl-Enter", run },
          ...defaultKeymap, ...historyKeymap]),
        EditorView.contentAttributes.of({ "aria-label": label, "aria-describedby": describedBy, spellcheck: "false",
          autocapitalize: "off", autocorrect: "off" }),
        EditorView.updateListener.of((update) => { if (update.docChanged) onchange(update.state.doc.toString()); }),
      ],
    }),
  });
  // The page's own shortcuts ("/" goes to the search) are not meant where one writes.
  view.dom.addEventListener("keydown", (event) => { if (event.key.length === 1) event.stopPropagation(); });
  return {
    get text() { return view.state.doc.toString(); },
    set text(value) { view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: value } }); },
    markLine(number) { view.dispatch({ effects: setLine.of(number ?? 0) }); },
    focus(place) {
      if (place !== undefined && place !== null) {
        view.dispatch({ selection: { anchor: Math.min(place, view.state.doc.length) } });
      }
      view.focus();
    },
    destroy() { view.destroy(); },
  };
}
