// How a text becomes what the network reads: letters without white space, and where spaces stood.

// What no letter is, as in Python's `seqbook.widgets.cones`: the two languages' own ideas of white space differ.
const WHITE = /[\t\n\v\f\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff]/;

const lower = (letter) => (/^[A-Z]$/.test(letter) ? letter.toLowerCase() : letter);

// The first `limit` letters: { letters, spaced, lowered, unread }. `spaced[t - 1]` says whether a space was typed after
// letter t, `lowered` how many capitals are read as small letters, `unread` how many letters are left.
export function lettersOf(text, limit) {
  const letters = [];
  const spaced = [];
  let [lowered, unread] = [0, 0];
  for (const character of text.normalize("NFC")) {
    if (WHITE.test(character)) {
      if (letters.length && !unread) spaced[letters.length - 1] = true;
    } else if (letters.length === limit) unread += 1;
    else {
      letters.push(lower(character));
      spaced.push(false);
      if (letters.at(-1) !== character) lowered += 1;
    }
  }
  if (spaced.length) spaced[spaced.length - 1] = false; // after the last letter nothing is asked
  return { letters, spaced, lowered, unread };
}

// The letters with number `change` (from 1) replaced by the first letter of `into`; the same array where there is none.
export function changedLetters(letters, change, into) {
  const [letter] = lettersOf(into, 1).letters;
  if (change === null || change > letters.length || letter === undefined) return letters;
  return letters.map((old, n) => (n === change - 1 ? letter : old));
}

// How a reader's spaces agree with the typed ones: { typed, found, extra, missed }, with the gaps' numbers (from 1).
export function agreement(spaced, probabilities) {
  const gaps = probabilities.map((probability, n) => ({ t: n + 1, said: probability > 0.5, typed: spaced[n] }));
  const numbers = (wanted) => gaps.filter(wanted).map(({ t }) => t);
  return {
    typed: gaps.filter(({ typed }) => typed).length,
    found: numbers(({ said, typed }) => said && typed),
    extra: numbers(({ said, typed }) => said && !typed),
    missed: numbers(({ said, typed }) => !said && typed),
  };
}
