// How a text becomes what the network reads, one step after the other. Each step is { label, start, end, known, key }:
// what to show, where it stands in the text, whether the network knows it, and what it has in common with every step
// the network cannot tell it from; and besides what `inputOf` makes the network's input of.

const NUMBER = /^[+-]?(?:\d{1,6}(?:\.\d{0,6})?|\.\d{1,6})(\*?)$/;

// Hangul syllables whole, where file names of macOS have them in jamo one by one; as `seqbook.data.composed`.
export const composed = (text) => text.normalize("NFC");

// A step for every character (code point) of the composed text up to the `limit`th, with its id in `ids`, else 0, the
// id of the unknown; and how many are left unread.
export function readCharacters(words, ids, limit) {
  const text = composed(words);
  const steps = [];
  let at = 0;
  for (const character of text) {
    if (steps.length === limit) break;
    const key = ids.get(character) ?? 0;
    steps.push({ label: character, start: at, end: at + character.length, known: ids.has(character), key });
    at += character.length;
  }
  return { steps, unread: at < text.length ? [...text.slice(at)].length : 0 };
}

// A step for every number, "0.25" or marked "0.25*": its value and marker. What is no number is read as an unmarked 0.
export function readNumbers(text, limit) {
  const words = [...text.matchAll(/[^ \t\r\n]+/g)];
  const steps = words.slice(0, limit).map(({ 0: word, index }) => {
    const found = word.match(NUMBER);
    const [value, marker] = found ? [parseFloat(word), found[1] ? 1 : 0] : [0, 0];
    return {
      label: word,
      start: index,
      end: index + word.length,
      known: Boolean(found),
      key: `${value} ${marker}`,
      value,
      marker,
    };
  });
  return { steps, unread: words.length - steps.length };
}

// The number of steps that end at or before `caret`, a place in the text.
export const stepsBefore = (steps, caret) => steps.filter(({ end }) => end <= caret).length;

// The text with the number at step `index` (from 0) marked, or no longer marked.
export function toggleMarker(text, { start, end, marker }) {
  return marker ? text.slice(0, end - 1) + text.slice(end) : `${text.slice(0, end)}*${text.slice(end)}`;
}

// `count` numbers below 1, two of them marked, one in each half: the adding problem's input.
export function drawNumbers(count, random = Math.random) {
  const half = Math.floor(count / 2);
  const marked = [Math.floor(random() * half), half + Math.floor(random() * (count - half))];
  return Array.from({ length: count }, (_, n) => random().toFixed(2) + (marked.includes(n) ? "*" : "")).join(" ");
}

// The adding problem's answer.
export const markedSum = (steps) => steps.reduce((sum, { value, marker }) => sum + value * marker, 0);
