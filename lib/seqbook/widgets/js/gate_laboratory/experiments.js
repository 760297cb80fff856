// What a reader may try at one press: each gives the clamps to hold and the step to look at.
const hold = (gate, value, start, end) => ({ gate, value, unit: null, start, end });

const marked = (steps) => steps.flatMap(({ marker }, n) => (marker ? [n + 1] : []));

// The stretches of steps between the marked ones.
function gaps(steps) {
  const edges = [0, ...marked(steps), steps.length + 1];
  return edges
    .slice(1)
    .map((end, n) => [edges[n] + 1, end - 1])
    .filter(([start, end]) => start <= end);
}

export const EXPERIMENTS = {
  characters: {
    forget: (steps, t) => ({ clamps: [hold("f", 0, t, t)], t }),
    keep: (steps, t) => ({ clamps: [hold("f", 1, t, null)], t }),
    ignore: (steps, t) => ({ clamps: [hold("i", 0, t, null)], t }),
    silence: (steps, t) => ({ clamps: [hold("o", 0, t, null)], t }),
  },
  numbers: {
    marker: (steps) => {
      const t = marked(steps).at(-1);
      return t ? { clamps: [hold("i", 0, t, t)], t } : null;
    },
    between: (steps) => {
      const [first, second] = marked(steps);
      const t = Math.floor((first + second) / 2);
      return second ? { clamps: [hold("f", 0, t, t)], t } : null;
    },
    others: (steps, t) =>
      marked(steps).length ? { clamps: gaps(steps).map(([a, b]) => hold("i", 0, a, b)), t } : null,
  },
};
