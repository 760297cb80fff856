// What is costly is computed again only where something that it depends on has another value.

// `compute(...args)`, once for each run of equal arguments (by value, as JSON).
export function memo(compute) {
  let key = null;
  let value;
  return (...args) => {
    const now = JSON.stringify(args);
    if (now !== key) [key, value] = [now, compute(...args)];
    return value;
  };
}
