// The interface's words in the page's language (press/interface.yml), and their blanks filled in.
import words from "./live-words.js";

export { words };

/** fill("{done} of {total} MB", {done: 3, total: 20}); a Korean particle such as 이(가) is chosen by what it follows. */
export function fill(sentence, values) {
  const filled = sentence.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  return filled.replace(/(.)(이\(가\)|을\(를\))/g, (_, before, both) => {
    const [closed, open] = [both[0], both[2]];
    return before + (endsClosed(before) ? closed : open);
  });
}

// Whether a syllable, or a letter or digit as it is read in Korean, ends in a consonant.
function endsClosed(character) {
  const code = character.charCodeAt(0) - 0xac00;
  if (code >= 0 && code < 11172) return code % 28 !== 0;
  return /[lmnrLMNR013678]/.test(character);
}

/** Bytes as megabytes, one digit after the point below ten. */
export function megabytes(bytes) {
  const value = bytes / 1e6;
  return value < 10 ? value.toFixed(1) : String(Math.round(value));
}
