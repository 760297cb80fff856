// Numbers in [0, 1) that Python draws, too: mulberry32, a generator with 32 bits of state.
export function chance(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

// The first index whose cumulated probability exceeds u in [0, 1).
export function drawn(p, u) {
  let total = 0;
  for (let n = 0; n < p.length; n += 1) {
    total += p[n];
    if (total > u) return n;
  }
  return p.indexOf(Math.max(...p)); // rounding left u beyond the sum
}
