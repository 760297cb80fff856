// What an output can know: the letters and states it is computed from.

// The first and the last letter that the output at gap `t` of a text of T letters knows of; null where there is no gap.
export function known(reader, t, T) {
  if (T < 2) return null;
  return [reader === "backward" ? t : 1, reader === "forward" ? t : T];
}

// Whether something at letter `n` is in that output's cone: a forward state up to t, a backward one from t on.
export const inCone = {
  forward: (reader, t, n) => reader !== "backward" && n <= t,
  backward: (reader, t, n) => reader !== "forward" && n >= t,
  letter: (reader, t, n) => inCone.forward(reader, t, n) || inCone.backward(reader, t, n),
};
