// Where everything lies: a column for each letter, from bottom to top the letter, its forward state, its backward state
// and its output. The states stand a little apart, so that a line from letter or output passes the other one.

export const RADIUS = 13; // of a state
const ASIDE = 9; // of a state from the middle of its column
const MARGIN = 4; // on both sides, where the outermost states stand out of their columns
const NARROWEST = 39;
const WIDEST = 58;

export const ROWS = { moved: 12, output: 36, backward: 92, forward: 144, letter: 202, note: 229 };
export const HEIGHT = 240;
export const CHIP = { width: 36, height: 24 };
export const BOX = 28; // of a letter

// The frame of `T` letters where `available` pixels are to be had.
export function frame(T, available) {
  const spacing = Math.min(WIDEST, Math.max(NARROWEST, (available - 2 * MARGIN) / Math.max(1, T)));
  return { spacing, width: T * spacing + 2 * MARGIN, height: HEIGHT };
}

const middle = ({ spacing }, n) => MARGIN + (n - 0.5) * spacing;

// The centre of letter `n`'s "letter", "forward", "backward" or "output".
export function place(row, n, box) {
  const aside = { forward: -ASIDE, backward: ASIDE }[row] ?? 0;
  return [middle(box, n) + aside, ROWS[row]];
}

// The edges of a text of T letters: { kind: "forward" | "backward", from: [row, n], to: [row, n] }. After the last
// letter nothing is asked.
export function edges(T) {
  const found = [];
  for (let n = 1; n <= T; n += 1) {
    for (const kind of ["forward", "backward"]) {
      found.push({ kind, from: ["letter", n], to: [kind, n] });
      if (n < T) found.push({ kind, from: [kind, n], to: ["output", n] });
      const next = kind === "forward" ? n + 1 : n - 1;
      if (next >= 1 && next <= T) found.push({ kind, from: [kind, n], to: [kind, next] });
    }
  }
  return found;
}

const reach = { letter: BOX / 2, output: CHIP.height / 2, forward: RADIUS, backward: RADIUS };

// From rim to rim, with room for the arrow's head: [x1, y1, x2, y2].
export function line({ kind, from, to }, box) {
  const [[fromRow, n], [toRow, m]] = [from, to];
  if (fromRow === toRow) {
    const sign = Math.sign(m - n);
    const [x1, y] = place(kind, n, box);
    return [x1 + sign * RADIUS, y, place(kind, m, box)[0] - sign * (RADIUS + 5), y];
  }
  const [x] = place(kind, n, box);
  return [x, ROWS[fromRow] - reach[fromRow], x, ROWS[toRow] + reach[toRow] + 5];
}

// The arrow's head at the end of a line: the points of a triangle.
export function head([x1, y1, x2, y2]) {
  const [dx, dy] = [Math.sign(x2 - x1), Math.sign(y2 - y1)];
  const corner = (along, across) => `${round(x2 + dx * along - dy * across)},${round(y2 + dy * along + dx * across)}`;
  return [corner(5, 0), corner(-1, 3.5), corner(-1, -3.5)].join(" ");
}

const round = (value) => Math.round(value * 100) / 100;

const MOVES = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

// Where an arrow key leads among outputs and letters of T letters: [row, n]; null where there is nothing that way,
// undefined for any other key.
export function neighbour([row, n], key, T) {
  if (!MOVES[key]) return undefined;
  const [across, up] = MOVES[key];
  if (up > 0) return row === "letter" && T > 1 ? ["output", Math.min(n, T - 1)] : null;
  if (up < 0) return row === "output" ? ["letter", n] : null;
  const last = row === "output" ? T - 1 : T;
  return n + across >= 1 && n + across <= last ? [row, n + across] : null;
}
