// Every pair of dimensions as a clock: its hands at both positions, and where training had them.
import { html, setAttributes, svg, whenChanged } from "../kit/dom.js";
import { significant } from "../kit/format.js";
import { svgMath } from "../kit/math.js";
import { dimensions, TRAINED } from "./codes.js";
import { CLOCK, rimPath, seenRim, tip } from "./layout.js";

const { side, middle, radius } = CLOCK;

export function clockRow({ label }) {
  const element = html("div", { class: "sb-clocks", role: "img" });
  let faces = [];

  const restructure = whenChanged((pairs) => {
    faces = Array.from({ length: pairs }, () => {
      const rim = svg("circle", { class: "sb-face", cx: middle, cy: middle, r: radius });
      const seen = svg("path", { class: "sb-seen" });
      const hands = ["first", "second"].map((name) => svg("path", { class: `sb-hand sb-${name}` }));
      const box = { width: side, height: side + 14, viewBox: `0 0 ${side} ${side + 14}`, "aria-hidden": "true" };
      const clock = svg("svg", box, rim, seen, ...[...hands].reverse());
      return { clock, seen, hands, text: null, said: null };
    });
    element.replaceChildren(...faces.map(({ clock }) => clock));
  });

  // `scene` is the study's, with `home`, the second hands as they stand at the first position.
  function draw({ kind, pairs, pairing, hands, home, frequency, perPosition, unseen }) {
    restructure(pairs);
    const names = dimensions(pairs, pairing);
    const longest = Math.max(...hands.flatMap((each) => (each ?? []).map(([x, y]) => Math.hypot(x, y))));
    faces.forEach((face, i) => {
      const isNew = unseen[0][i] || unseen[1][i];
      setAttributes(face.clock, { class: isNew ? "sb-clock sb-new" : "sb-clock" });
      const rim = perPosition && seenRim(kind, perPosition[i], TRAINED - 1, home && home[i]);
      setAttributes(face.seen, { d: rim && rimPath(...rim) });
      face.hands.forEach((hand, role) => {
        const end = hands[role] && tip(hands[role][i], longest);
        setAttributes(hand, { d: end && `M${middle} ${middle}L${end.map((place) => place.toFixed(2)).join(" ")}` });
      });
      const said = frequency ? significant((2 * Math.PI) / frequency[i], 2) : names[i].join("·");
      if (said !== face.said) {
        face.text?.remove();
        face.text = svgMath({ x: middle, y: side + 10, class: "sb-turn" }, said);
        face.clock.append(face.text);
        face.said = said;
      }
    });
    setAttributes(element, { "aria-label": label("clocks", { count: pairs }) });
  }
  return { element, draw };
}
