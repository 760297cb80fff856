// What is computed of a text and a change in it, and again only where these change: not for another output or reader.
import { memo } from "../kit/memo.js";
import { changedLetters, lettersOf } from "./reading.js";

// ‖b - a‖ for each pair of states.
const distances = (before, after) =>
  before.map((h, n) => Math.sqrt(h.reduce((sum, value, u) => sum + (after[n][u] - value) ** 2, 0)));

export function createStudy(network, limit) {
  const taken = memo((text) => lettersOf(text, limit));
  const read = memo((letters) => network.read(letters));
  const readChanged = memo((letters) => network.read(letters));

  // { letters, spaced, lowered, unread, run, changed }: the run along the text as it stands, and, where a letter is
  // changed, { letters, run, forward, backward }: the run along the other text and how far it moves each state.
  return (text, change, into) => {
    const reading = taken(text);
    const { letters } = reading;
    const run = read(letters);
    const other = changedLetters(letters, change, into);
    if (other === letters) return { ...reading, run, changed: null };
    const moved = readChanged(other);
    const changed = {
      letters: other,
      run: moved,
      forward: distances(run.forward, moved.forward),
      backward: distances(run.backward, moved.backward),
    };
    return { ...reading, run, changed };
  };
}
