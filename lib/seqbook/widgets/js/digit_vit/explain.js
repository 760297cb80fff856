// What the pictures show, in sentences: no DOM.
import { fixed, percent } from "../kit/format.js";
import { rowAndColumn } from "./places.js";
import { headOf, rowOf } from "./study.js";

export const highest = (values) => values.reduce((best, each, at) => (each > values[best] ? at : best), 0);

const spot = (place, label) => label("spot", rowAndColumn(place));
const sized = (value) => (value > 0 && fixed(value) !== "0.00" ? `+${fixed(value)}` : fixed(value));

// `scene` is the study's with layer, head, query, without, network, order and erased.
export function explain(scene, label) {
  if (scene.empty) return [label("nothingDrawn")];
  const { answer, before, trained, switched, without, network, order, erased } = scene;
  const { layer, head, query, effects, first, keep } = scene;
  const shown = network === "trained" ? trained : switched;
  const own = highest(before);
  const says = [label("says", { digit: answer, p: percent(shown[answer]) })];
  const isChanged = erased.length > 0 || order.some((from, place) => from !== place);
  if (isChanged) says.push(label(own === answer ? "saidSame" : "saidOther", { digit: own, p: percent(before[own]) }));
  const lines = [says.join(" ")];

  if (without !== "nothing") {
    const [one, other] = [trained, switched].map((p) => [highest(p), percent(p[highest(p)])]);
    lines.push([label(`without_${without}_said`, { a: one[0], pa: one[1], b: other[0], pb: other[1] }),
      ...(without === "positions" ? [label("orderless")] : [])].join(" "));
  }

  const looks = rowOf(headOf(scene, layer, head), query, scene);
  const most = highest(looks.places);
  const asker = query ? spot(query - 1, label) : label(first ? "theToken" : "theMean");
  lines.push(label("looks", { asker, layer, head, spot: spot(most, label), share: percent(looks.places[most]) }));

  const through = rowOf(scene.rollout, 0, scene).places;
  const there = through.map((each, place) => (keep[place] && !erased.includes(place) ? each : -1));
  const [reached, needed] = [highest(there), highest(effects.map((each) => -each))];
  lines.push([label("erasingSays", { digit: answer, spot: spot(reached, label), change: sized(effects[reached]) }),
    effects[needed] >= 0 ? label("noneNeeded") : reached === needed ? label("sameNeeded")
      : label("otherNeeded", { spot: spot(needed, label), change: sized(effects[needed]) })].join(" "));
  return lines;
}
