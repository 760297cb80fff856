// What the laboratory computes: the text as steps, the network's run along it with and without held gates, and the
// order of the units. Each is computed again only where what it is made of changes, and a piece at a time.
import { FEATURES, isConstant, ranking } from "./features.js";
import { QUANTITIES } from "./quantities.js";
import { createRun } from "./run.js";

export function createStudy(network) {
  const { H, predicts } = network;
  const features = FEATURES[predicts];
  const free = createRun(network);
  const held = createRun({ ...network, base: free });
  const unordered = Array.from({ length: H }, (_, unit) => ({ unit, r: null }));
  let text = null; // what `reading` was made of
  let reading = { steps: [], unread: 0 };
  let followed = {}; // each feature of that text, and whether it is the same at every step
  let clamps = [];
  let order = unordered;
  let orderedFor = []; // reading, feature and quantity

  function read(words) {
    if (words === text) return;
    text = words;
    reading = network.read(text);
    followed = Object.fromEntries(
      Object.entries(features).map(([name, feature]) => {
        const values = feature(reading.steps);
        return [name, { values, constant: isConstant(values) }];
      }),
    );
  }

  // The runs that are drawn: without clamps there is nothing to hold.
  const runs = () => (clamps.length ? [free, held] : [free]);

  return {
    free,
    // Takes the text and the clamps to be shown; what is computed of them already stays.
    take(words, newClamps) {
      read(words);
      clamps = newClamps;
      free.read(reading.steps);
      held.read(reading.steps, clamps);
    },
    get steps() {
      return reading.steps;
    },
    get unread() {
      return reading.unread;
    },
    // The run that is shown: with the clamps, where there are any.
    get shown() {
      return clamps.length ? held : free;
    },
    // Computes up to step `last`, or until `ended()` says that the time is over.
    advance: (last, ended) => runs().every((run) => run.advance(last, ended)),
    isComplete: () => runs().every(({ steps }) => steps.length === reading.steps.length),

    // The units in order, each with its correlation r (null where they are in the order of their numbers).
    get order() {
      return order;
    },
    isOrdered: (sort, quantity) => [reading, sort, quantity].every((each, n) => each === orderedFor[n]),
    // Orders them by how closely `quantity` follows the feature `sort`; both runs must be complete.
    rank(sort, quantity) {
      orderedFor = [reading, sort, quantity];
      order = followed[sort] ? ranking(free.steps, quantity, followed[sort].values) : unordered;
    },
    isAbsent: (feature) => Boolean(followed[feature]?.constant),
  };
}

// One unit's six numbers at step t and its cell state before, or null while they are not computed.
export function unitAt(run, t, unit) {
  const step = run.steps[t - 1];
  if (!step) return null;
  const numbers = Object.fromEntries(QUANTITIES.map((quantity) => [quantity, step[quantity][unit]]));
  return { ...numbers, before: t > 1 ? run.steps[t - 2].c[unit] : 0 };
}
