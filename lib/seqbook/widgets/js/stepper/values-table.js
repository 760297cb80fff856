// Every step as a row under a heading that opens it.
import { fixed, significant } from "../kit/format.js";
import { foldedTable } from "../kit/folded-table.js";
import { apart, distance, ranked, signName, visible } from "./describe.js";
import { wayTo } from "./study.js";

export function valuesTable({ label, network, onOpen }) {
  const { element, draw: fill } = foldedTable({ summary: label("table"), name: label("table"), onOpen });

  function draw({ states, read, path }, t) {
    fill(() => {
      const way = wayTo(path);
      const reads = states.map((state, n) => {
        const character = label("reads", { character: apart(visible(read.characters[n])) });
        return [String(n + 1), character, fixed(distance(state, states[n - 1]), 3), "", "", ""];
      });
      const writes = path.ids.map((token, n) => {
        const { h, logProbs } = way[n].next;
        const second = ranked(logProbs).find((each) => each !== token);
        const name = `${signName(second, network, label)} ${significant(Math.exp(logProbs[second]), 2)}`;
        const sign = label("writes", { sign: signName(token, network, label) });
        const change = fixed(distance(h, n ? way[n - 1].next.h : states.at(-1)), 3);
        const [p, log] = [significant(Math.exp(logProbs[token]), 4), fixed(way[n + 1].logProb, 4)];
        return [String(states.length + n + 1), sign, change, p, name, log];
      });
      const heads = ["step", "what", "change", "probability", "nextBest", "logProb"].map((key) => label(key));
      return { caption: label("tableCaption"), heads, rows: [...reads, ...writes], now: t - 1 };
    });
  }
  return { element, draw };
}
