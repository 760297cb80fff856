// What may come next at a place: a button for every token, with its probability and what the beam did with it.
import { html, setAttributes, setText } from "../kit/dom.js";
import { fixed } from "../kit/format.js";
import { brief, signName } from "./describe.js";

export function candidateButtons({ label, network, choose }) {
  const heading = html("p", { class: "sb-heading" });
  const hint = html("p", { class: "sb-quiet" }, label("nextHint"));
  const list = html("div", { class: "sb-candidates", role: "group", "aria-label": label("nextHint") });
  const element = html("div", { class: "sb-next" }, heading, list, hint);
  let shown = null; // the sequence whose followers are shown
  const buttons = network.tokens.flatMap((sign, token) => {
    if (sign === "") return [];
    const [bar, p, fate] = ["sb-bar-p", "sb-share", "sb-fate"].map((kind) => html("span", { class: kind }));
    const input = html(
      "button", { type: "button", "data-token": sign },
      html("span", { class: "sb-track", "aria-hidden": "true" }, bar),
      html("b", {}, sign), p, fate,
    );
    input.addEventListener("click", () => choose(shown, token));
    list.append(input);
    return [{ bar, p, fate, input, token }];
  });

  // `candidates` of candidatesOf after `sequence`; `taken` is the token that the path takes there, or null.
  function draw({ sequence, candidates, taken, title }) {
    shown = sequence;
    setText(heading, title);
    const open = candidates.length > 0;
    list.hidden = hint.hidden = !open;
    if (!open) return;
    for (const { bar, p, fate, input, token } of buttons) {
      const candidate = candidates.find((each) => each.token === token);
      const share = brief(candidate.probability);
      const words = label(`fate_${candidate.fate}`, { rank: candidate.rank });
      setText(p, share);
      setText(fate, words);
      setAttributes(bar, { style: `height: ${(100 * candidate.probability).toFixed(1)}%` });
      const log = fixed(candidate.logProb);
      setAttributes(input, {
        class: candidate.fate === "kept" ? "sb-kept" : null,
        "aria-pressed": String(token === taken),
        "aria-label": label("candidate", { sign: signName(token, network, label), p: share, log, fate: words }),
      });
    }
  }
  return { element, draw };
}
