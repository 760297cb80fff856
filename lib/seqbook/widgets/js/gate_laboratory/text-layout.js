// Where each step of a text stands when it is set in lines of equal cells.

// `cells[n]` is how many columns step n takes, `breaks(n)` whether a line ends with it. Gives for each step its line
// and first column, and the first step of every line.
export function layOut(cells, breaks, columns) {
  const line = new Int32Array(cells.length);
  const column = new Int32Array(cells.length);
  const starts = [0];
  let at = 0;
  for (let n = 0; n < cells.length; n += 1) {
    if (at > 0 && at + cells[n] > columns) {
      starts.push(n);
      at = 0;
    }
    line[n] = starts.length - 1;
    column[n] = at;
    at += cells[n];
    if (breaks(n) && n + 1 < cells.length) {
      starts.push(n + 1);
      at = 0;
    }
  }
  return { line, column, starts, count: cells.length };
}

// The step at a column of a line: the last one that begins there or before.
export function stepAt({ starts, column, count }, line, at) {
  if (!count) return null;
  const row = Math.min(starts.length - 1, Math.max(0, line));
  const end = starts[row + 1] ?? count;
  let step = starts[row];
  while (step + 1 < end && column[step + 1] <= at) step += 1;
  return step;
}
