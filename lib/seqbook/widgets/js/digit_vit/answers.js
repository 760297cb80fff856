// Ten probabilities: of the network that is looked at, of the other one where there are two, and before any change.
import { html, setAttributes, setText } from "../kit/dom.js";
import { percent } from "../kit/format.js";

export function answers({ label }) {
  const rows = Array.from({ length: 10 }, (_, digit) => {
    const [bar, other] = ["sb-bar-of", "sb-bar-of sb-other"].map((name) => html("i", { class: name }));
    const mark = html("b");
    const share = html("span", { class: "sb-share" });
    const track = html("span", { class: "sb-track" }, bar, other, mark);
    const row = html("li", { "data-digit": digit }, html("span", {}, String(digit)), track, share);
    return { bar, other, mark, share, element: row };
  });
  const elements = rows.map((row) => row.element);
  const element = html("ol", { class: "sb-answers", "aria-label": label("answers") }, ...elements);

  function draw({ shown, against, before, answer, empty }) {
    rows.forEach(({ bar, other, mark, share, element: row }, digit) => {
      bar.style.width = `${(100 * shown[digit]).toFixed(1)}%`;
      other.hidden = !against;
      if (against) other.style.width = `${(100 * against[digit]).toFixed(1)}%`;
      mark.style.left = `${(100 * before[digit]).toFixed(1)}%`;
      setText(share, percent(shown[digit]));
      row.classList.toggle("sb-now", digit === answer && !empty);
      const said = { digit, p: percent(shown[digit]), before: percent(before[digit]) };
      setAttributes(row, { "aria-label": label("answerOf", said) });
    });
  }
  return { element, draw };
}
