// A drawing of 32×32 pixels, and the 8×8 grey values that it becomes in the way that the data were made. No DOM.
// Drawings are Uint8Arrays of 0, paper, and 1, ink, row by row; `Image` in digit_vit.py says the same in Python.

export const FIELD = 32;
export const SIDE = 8;
const BLOCK = FIELD / SIDE;
const WIDEST = 24; // pixels that a fitted drawing takes across, at most
const RADIUS = 2; // of the pen, in pixels: strokes about as thick as those of the data

export const pixelsOf = (rows) => Uint8Array.from(rows.join(""), Number);
export const rowsOf = (drawing) =>
  Array.from({ length: FIELD }, (_, r) => drawing.subarray(r * FIELD, (r + 1) * FIELD).join(""));
export const blank = () => new Uint8Array(FIELD * FIELD);

// A copy with the pen drawn along a straight line between two places [x, y], in pixels: `ink` is 1, or 0 to rub out.
export function stroked(drawing, [x0, y0], [x1, y1], ink = 1, radius = RADIUS) {
  const made = drawing.slice();
  const [dx, dy] = [x1 - x0, y1 - y0];
  const length = dx * dx + dy * dy;
  for (let r = 0; r < FIELD; r += 1) {
    for (let c = 0; c < FIELD; c += 1) {
      const [x, y] = [c + 0.5 - x0, r + 0.5 - y0];
      const along = length ? Math.min(1, Math.max(0, (x * dx + y * dy) / length)) : 0;
      if ((x - along * dx) ** 2 + (y - along * dy) ** 2 <= radius * radius) made[r * FIELD + c] = ink;
    }
  }
  return made;
}

// A pixel image as a drawing that counts to the same grey values, as far as whole pixels of 4×4 blocks go.
const ORDER = [5, 6, 9, 10, 1, 4, 11, 14, 2, 7, 8, 13, 0, 3, 12, 15]; // of the pixels of a block that ink fills
export function drawingOf(grey) {
  const made = blank();
  grey.forEach((value, at) => {
    const [top, left] = [Math.floor(at / SIDE) * BLOCK, (at % SIDE) * BLOCK];
    for (const each of ORDER.slice(0, Math.round(value))) {
      made[(top + Math.floor(each / BLOCK)) * FIELD + left + (each % BLOCK)] = 1;
    }
  });
  return made;
}

// How much ink is in each block of 4×4: 64 numbers from 0 to 16.
export function counted(drawing) {
  const grey = new Float64Array(SIDE * SIDE);
  drawing.forEach((ink, at) => {
    const [r, c] = [Math.floor(at / FIELD), at % FIELD];
    grey[Math.floor(r / BLOCK) * SIDE + Math.floor(c / BLOCK)] += ink;
  });
  return grey;
}

// The ink brought to the frame's height and into its middle: see `fitted` in digit_vit.py.
export function fitted(drawing) {
  const inked = (line) => Array.from({ length: FIELD }, (_, n) => n).filter((n) =>
    Array.from({ length: FIELD }, (_, k) => drawing[line(n, k)]).some(Boolean));
  const rows = inked((r, c) => r * FIELD + c);
  const columns = inked((c, r) => r * FIELD + c);
  const made = blank();
  if (!rows.length) return made;
  const [top, left, h, w] = [rows[0], columns[0], rows.at(-1) - rows[0] + 1, columns.at(-1) - columns[0] + 1];
  const H = Math.min(FIELD, 2 * h);
  const W = Math.max(1, Math.min(WIDEST, Math.floor((2 * w * H + h) / (2 * h))));
  const [row, column] = [Math.floor((FIELD - H) / 2), Math.floor((FIELD - W) / 2)];
  for (let r = 0; r < H; r += 1) {
    for (let c = 0; c < W; c += 1) {
      const from = [top + Math.floor(((2 * r + 1) * h) / (2 * H)), left + Math.floor(((2 * c + 1) * w) / (2 * W))];
      made[(row + r) * FIELD + column + c] = drawing[from[0] * FIELD + from[1]];
    }
  }
  return made;
}

// The 64 grey values of what the knob `image` holds.
export function greyOf(image, fit, examples) {
  if (typeof image === "number") return Float64Array.from(examples[image]);
  if (typeof image[0] !== "string") return Float64Array.from(image.flat());
  const drawing = pixelsOf(image);
  return counted(fit ? fitted(drawing) : drawing);
}
