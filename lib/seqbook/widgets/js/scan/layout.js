// Where the places and rounds of the drawing stand.

export const RADIUS = 15;
export const ROW = 54; // px from round to round
export const TOP = 22;
const NARROWEST = 36; // px from place to place

export function frame(steps, rounds, room) {
  const spacing = Math.min(92, Math.max(NARROWEST, room / steps));
  return { spacing, width: steps * spacing, height: TOP + rounds * ROW + RADIUS + 8, rounds };
}

export const across = (place, { spacing }) => (place + 0.5) * spacing;
export const down = (round) => TOP + round * ROW;

// Where a place's content was written last before `round`: round 0, its input, or a later one.
export function writtenBefore(rounds, place, round) {
  for (let before = round - 1; before > 0; before -= 1) {
    if (rounds[before - 1].some((each) => each.place === place)) return before;
  }
  return 0;
}

// A number in a circle: as many digits as there is room for.
export function short(value) {
  const digits = [2, 1, 0].find((count) => value.toFixed(count).replace("-", "").length <= 4) ?? 0;
  const text = value.toFixed(Number.isInteger(value) ? 0 : digits);
  return /^-0(\.0*)?$/.test(text) ? text.slice(1) : text.replace("-", "−");
}
