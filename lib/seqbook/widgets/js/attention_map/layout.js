// Where signs and lines stand in the picture: no DOM.
import { clamp } from "../kit/scale.js";

const HANGUL = /[\u1100-\u11ff\u3000-\u9fff\uac00-\ud7af\uff00-\uffef]|\p{Extended_Pictographic}/u;

// About how wide a sign is drawn, in pixels at 14 px.
export const widthOf = (sign) => [...sign].reduce((sum, each) => sum + (HANGUL.test(each) ? 14 : 8.2), 0);

// The middles of signs side by side, spread over `width` but never touching, and how wide they are in all.
export function spread(signs, width) {
  const bare = signs.map((sign) => Math.max(widthOf(sign), 12));
  const needed = bare.reduce((sum, each) => sum + each, 0);
  const gap = clamp((width - needed) / signs.length, 6, 58);
  const total = needed + gap * signs.length;
  let at = Math.max(0, (width - total) / 2);
  const middles = bare.map((each) => {
    const middle = at + (each + gap) / 2;
    at += each + gap;
    return middle;
  });
  return { middles, total };
}

// Both rows of signs in one picture: { width, source, target }, each in the middle of the `width` that is seen at once,
// or from its left edge on where it is wider.
export function places(source, target, width) {
  const rows = [source, target].map((signs) => spread(signs, width));
  return {
    width: Math.max(width, ...rows.map(({ total }) => total)), source: rows[0].middles, target: rows[1].middles,
  };
}

// The map's cells and what stands around them: { left, top, right, column, row, slanted }; the columns' names are
// slanted where they are too wide, the last of them into the margin `right`.
export function grid(source, target, width) {
  const left = clamp(Math.max(...target.map(widthOf)) + 12, 30, 132);
  const longest = Math.max(...source.map(widthOf));
  const slanted = longest > clamp((width - left - 4) / source.length, 15, 56) - 2;
  const columnIn = (right) => clamp((width - left - right) / source.length, slanted ? 21 : 15, 56);
  const right = slanted ? clamp(longest * 0.8, 10, 100) - columnIn(4) / 2 : 4;
  const top = slanted ? clamp(longest * 0.66, 14, 84) + 14 : 22;
  return { left, top, right: Math.max(4, right), column: columnIn(Math.max(4, right)), row: 24, slanted };
}
