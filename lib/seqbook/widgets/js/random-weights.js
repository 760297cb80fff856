// Weights for the benchmarks, by the names of a Transformer's file: drawn anew every time.
export const drawn = (length) => ({ values: Float64Array.from({ length }, () => Math.random() - 0.5) });
export const layer = (name, rows, columns) => ({
  [`${name}.weight`]: drawn(rows * columns), [`${name}.bias`]: drawn(rows),
});
export const block = (at, E, F) => ({
  ...Object.assign({}, ...["query", "key", "value", "output"].map((name) => layer(`${at}.attention.${name}`, E, E))),
  ...layer(`${at}.feed_forward.linear1`, F, E), ...layer(`${at}.feed_forward.linear2`, E, F),
  ...layer(`${at}.norm1`, E, 1), ...layer(`${at}.norm2`, E, 1),
});
