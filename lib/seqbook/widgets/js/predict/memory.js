// The guess of an earlier visit, in the browser's own storage: under the page's address and the question, as the
// answer's text or the slider's number, so that it is forgotten where the chapter asks or answers otherwise.

// `storage()` gives localStorage; where there is none, or it refuses, a guess is kept as long as the page is open.
export function memory({ storage, path, question, answers, low, high }) {
  const key = `seqbook:predict:${path}:${question}`;
  const tried = (action) => {
    try {
      return action(storage());
    } catch {
      return null;
    }
  };
  const read = (text) => {
    if (answers.length) return answers.includes(text) ? answers.indexOf(text) : null;
    const value = text.trim() === "" ? NaN : Number(text);
    return value >= low && value <= high ? value : null;
  };
  return {
    recall() {
      const text = tried((store) => store.getItem(key));
      return typeof text === "string" ? read(text) : null;
    },
    keep: (guess) => tried((store) => store.setItem(key, answers.length ? answers[guess] : String(guess))),
    forget: () => tried((store) => store.removeItem(key)),
  };
}
