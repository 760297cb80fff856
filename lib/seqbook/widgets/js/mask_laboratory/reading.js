// The reader's text as the networks read it.

// The first `limit` characters as ids, 0 for those that are unknown: { letters, ids, unread }.
export function lettersOf(text, limit, idOf) {
  const all = [...text.normalize("NFC")];
  const letters = all.slice(0, limit);
  return { letters, ids: letters.map((letter) => idOf.get(letter) ?? 0), unread: Math.max(0, all.length - limit) };
}

// Tokens go by the numbers of their characters, padding by its own: □1, □2, 1, 2, 3 …
export const numbered = (at, pads) => (at < pads ? `□${at + 1}` : String(at - pads + 1));

// A character as one can see it.
export function visible(letter) {
  if (letter === " ") return "␣";
  if (letter === "\n") return "⏎";
  return /^[\p{C}\p{Z}]$/u.test(letter) ? "\uFFFD" : letter;
}
