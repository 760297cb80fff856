// Movement in time. A reader who asked the system for less of it gets the end state at once.

export const prefersStill = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;

export const ease = (u) => (u < 0.5 ? 4 * u ** 3 : 1 - (2 - 2 * u) ** 3 / 2);

// Calls `draw(value)` from `from` to `to` during `duration` ms; returns the function that stops it.
export function tween(from, to, duration, draw) {
  if (prefersStill() || from === to) {
    draw(to);
    return () => {};
  }
  let frame = 0;
  const start = performance.now();
  const next = (now) => {
    const u = Math.min(1, Math.max(0, (now - start) / duration));
    draw(u < 1 ? from + (to - from) * ease(u) : to);
    if (u < 1) frame = requestAnimationFrame(next);
  };
  frame = requestAnimationFrame(next);
  return () => cancelAnimationFrame(frame);
}
