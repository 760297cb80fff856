// Single letters as they can be read alone: a jamo as the letter on a keyboard, with a word where it is a final one.

const INITIALS = [..."ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"];
const VOWELS = [..."ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ"];
const FINALS = [..."ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ"];

export function letterName(letter, label) {
  const code = letter.codePointAt(0);
  if (letter === "\n") return label("end");
  if (letter === " ") return label("space");
  if (code >= 0x1100 && code < 0x1113) return INITIALS[code - 0x1100];
  if (code >= 0x1161 && code < 0x1176) return VOWELS[code - 0x1161];
  if (code >= 0x11a8 && code < 0x11c3) return label("final", { letter: FINALS[code - 0x11a8] });
  return code >= 0x0300 && code < 0x0370 ? `◌${letter} ${label("accent")}` : letter;
}
