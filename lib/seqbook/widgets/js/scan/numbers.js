// The numbers of the scan at the present settings, as `Scan.numbers` gives them.
import { settingsOf, study } from "./rounds.js";

export function numbers(get) {
  const { rounds, rows, results, operations, done, way } = study(settingsOf(get));
  const each = (name) => rows.map((row) => row.map((held) => held[name]));
  return {
    a: each("a"), u: each("u"), first: each("first"), results,
    rounds: rounds.length, operations, loop_rounds: get("steps") - 1, needed: way.size,
    done: done(get("time")), loop_done: Math.min(get("time"), get("steps") - 1),
  };
}
