// The numbers of every token, a row each.
import { foldedTable } from "../kit/folded-table.js";
import { fixed } from "../kit/format.js";
import { rowAndColumn } from "./places.js";
import { pixelsAt } from "./network.js";
import { headOf, rowOf } from "./study.js";

export function valuesTable({ label, onOpen }) {
  const { element, draw: fill } = foldedTable({ summary: label("table"), name: label("tableName"), onOpen });

  function draw(scene) {
    const { layer, head, query, grey, keep, effects, first, N } = scene;
    fill(() => {
      const heads = Array.from({ length: N }, (_, n) => rowOf(headOf(scene, layer, n + 1), query, scene));
      const through = rowOf(scene.rollout, query, scene);
      const row = (name, pixels, of, effect) =>
        [name, pixels, ...[...heads, through].map((each) => fixed(of(each), 3)), effect];
      const pixels = (place) => pixelsAt(place).map((at) => String(Math.round(grey[at]))).join(" ");
      const places = keep.map((_, place) => row(label("spot", rowAndColumn(place)), pixels(place),
        (each) => each.places[place], fixed(effects[place], 3)));
      const named = heads.map((_, n) => label("headOf", { head: n + 1 }));
      return {
        caption: label("tableCaption", { layer }),
        heads: [label("token"), label("pixels"), ...named, label("rollout"), label("effect")],
        rows: first ? [row(label("theToken"), "–", (each) => each.token, "–"), ...places] : places,
        now: first ? query : query - 1,
      };
    });
  }
  return { element, draw };
}
