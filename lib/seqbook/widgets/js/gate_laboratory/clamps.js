// Gates held at a value: { gate, value, unit, start, end }, at the steps start … end (1-based, end null: to the last),
// in one unit or, with unit null, in all.

export const activeAt = (clamps, t) => clamps.filter(({ start, end }) => start <= t && (end === null || t <= end));

// The clamp that decides about a gate of a unit at step t, if any: the last one.
export const clampAt = (clamps, gate, unit, t) =>
  activeAt(clamps, t).findLast((clamp) => clamp.gate === gate && (clamp.unit === null || clamp.unit === unit));

const samePlace = (a, b) => ["gate", "unit", "start", "end"].every((name) => a[name] === b[name]);

// With `clamp` added, in place of one that holds the same gate at the same steps in the same units.
export const withClamp = (clamps, clamp) => [...clamps.filter((other) => !samePlace(other, clamp)), clamp];

// Without any that holds the gate of the unit at step t.
export const released = (clamps, gate, unit, t) => {
  const there = activeAt(clamps, t);
  return clamps.filter(
    (clamp) => !(there.includes(clamp) && clamp.gate === gate && (clamp.unit === null || clamp.unit === unit)),
  );
};

// The first step at which any holds anything; Infinity without clamps.
export const firstStep = (clamps) => Math.min(...clamps.map(({ start }) => start));

// Where two sequences differ: after the first `at` entries, `removed` of the old gave way to `inserted` new ones.
export function editBetween(old, now) {
  let at = 0;
  while (at < old.length && at < now.length && old[at] === now[at]) at += 1;
  let tail = 0;
  const most = Math.min(old.length, now.length) - at;
  while (tail < most && old[old.length - 1 - tail] === now[now.length - 1 - tail]) tail += 1;
  return { at, removed: old.length - at - tail, inserted: now.length - at - tail };
}

// The clamps after such an edit: they stay on the steps they held, and go with steps that are gone.
export function shifted(clamps, { at, removed, inserted }) {
  const later = (t) => t + inserted - removed;
  return clamps
    .map((clamp) => {
      const { start, end } = clamp;
      return {
        ...clamp,
        start: start <= at ? start : start > at + removed ? later(start) : at + 1,
        end: end === null || end <= at ? end : end > at + removed ? later(end) : at,
      };
    })
    .filter(({ start, end }) => end === null || start <= end);
}
