// All that the widget shows, computed again only from where something changed.
import { memo } from "../kit/memo.js";
import { beam, emptySequence, greedy, grownBy } from "./decoding.js";
import { readText, tokensOf } from "./reading.js";

// `study(get)`, with get(trait): null where there is no text, else
//   read       reading.js's readText
//   states     h(1) … h(S)
//   forced     the sequence of the tokens the reader chose
//   greedy     the greedy path after them
//   levels     the beam after them, level by level; [] where nothing can follow
//   path       the one that is looked at, greedy or the best of the beam
export function createStudy(network, limit, calls = {}) {
  const count = (name) => (calls[name] = (calls[name] ?? 0) + 1);
  const reading = memo((text) => {
    count("read");
    const read = readText(text, network.characters, limit);
    return { read, states: network.read(read.ids) };
  });
  const writing = memo((text, signs) => {
    count("write");
    const start = emptySequence(network, reading(text).states.at(-1));
    const forced = grownBy(network, start, tokensOf(signs, network));
    return { forced, greedy: greedy(network, forced) };
  });
  const search = memo((text, signs, width) => {
    count("search");
    const { forced } = writing(text, signs);
    return beam(network, forced, width);
  });
  return (get) => {
    const [text, signs] = [get("text"), get("forced")];
    const { read, states } = reading(text);
    if (!states.length) return { read, states, path: null };
    const { forced, greedy: likely } = writing(text, signs);
    const levels = search(text, signs, get("width"));
    return { read, states, forced, greedy: likely, levels, path: get("shown") === "beam" ? levels.at(-1)[0] : likely };
  };
}

// The sequences that lead to this one, from the empty one on: [empty, one token, …, it].
export function wayTo(sequence) {
  const way = [];
  for (let each = sequence; each; each = each.before) way.unshift(each);
  return way;
}
