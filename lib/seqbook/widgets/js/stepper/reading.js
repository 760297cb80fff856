// What the reader writes, as the network takes it.

// The first `limit` characters with their ids in the vocabulary, 0 for what it does not hold: { characters, ids,
// unknown, unread }; `unknown` are the different characters it does not hold, `unread` counts those beyond the limit.
export function readText(text, vocabulary, limit) {
  const all = [...text.normalize("NFC")];
  const characters = all.slice(0, limit);
  const ids = characters.map((character) => Math.max(0, vocabulary.indexOf(character)));
  const unknown = [...new Set(characters.filter((_, n) => ids[n] === 0))];
  return { characters, ids, unknown, unread: all.length - characters.length };
}

// The ids of the tokens that a text names, up to the end and to `most` of them; what is no token is left out.
export function tokensOf(signs, { tokens, end, most }) {
  const ids = [...signs].map((sign) => tokens.indexOf(sign)).filter((id) => id >= 0);
  const ends = ids.indexOf(end);
  return ids.slice(0, ends < 0 ? undefined : ends + 1).slice(0, most);
}

export const signsOf = (ids, { tokens }) => ids.map((id) => tokens[id]).join("");
