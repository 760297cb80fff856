// How texts are cut into signs and put together again: words, characters, or letters (Hangul syllables taken apart).

export function cut(text, kind, limit) {
  const whole = text.normalize("NFC");
  const signs = kind === "words" ? words(whole) : [...(kind === "letters" ? whole.normalize("NFKD") : whole)];
  return { signs: signs.slice(0, limit), unread: Math.max(0, signs.length - limit) };
}

// Python's str.split: its whitespace is not JavaScript's.
const words = (text) => text.split(SPACE).filter((word) => word !== "");
const SPACE = /[\t-\r\u001c-\u001f \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/u;

export const joined = (signs, kind) => signs.join(kind === "words" ? " " : "");

// The ids of signs: as they stand, else in small letters, else 0; `vocabulary` holds the unknown sign first.
export function idsOf(vocabulary) {
  const ids = new Map();
  for (const [n, sign] of [...vocabulary.entries()].slice(1).reverse()) ids.set(sign.toLowerCase(), n);
  for (const [n, sign] of [...vocabulary.entries()].slice(1)) ids.set(sign, n);
  return (sign) => ids.get(sign) ?? ids.get(sign.toLowerCase()) ?? 0;
}

const JAMO = { first: "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ", last: "ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ" };

// A sign as one can see it: single jamo in their stand-alone form, a space, and what has no shape of its own.
export function visible(sign) {
  if (sign === " ") return "␣";
  const code = sign.codePointAt(0);
  if (code >= 0x1100 && code <= 0x1112) return JAMO.first[code - 0x1100];
  if (code >= 0x1161 && code <= 0x1175) return String.fromCodePoint(0x314f + code - 0x1161);
  if (code >= 0x11a8 && code <= 0x11c2) return JAMO.last[code - 0x11a8];
  return sign.replace(/[\p{C}\p{Z}]/gu, "□").replace(/^\p{M}+/u, "□");
}
