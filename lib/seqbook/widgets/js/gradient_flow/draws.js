// The random numbers of a network. The lowest layer's come from Python; those of the layers above, too many to send
// with every page, are made here just as `draw_above` of gradient_flow.py makes them, and rounded to float32 alike.
import { toFloat64 } from "../kit/arrays.js";

// `drawn` is what Python sends for a seed; gives its arrays as numbers to compute with, { weight_ih, gaussian, … }, and
// `above(layer)`: the same kinds of parameters for layer 2, 3, …
export function unpacked(drawn, seed) {
  const arrays = Object.fromEntries(Object.entries(drawn).map(([name, array]) => [name, toFloat64(array)]));
  const made = [];
  const above = (layer) => {
    made[layer] ??= drawAbove(seed, layer, arrays);
    return made[layer];
  };
  return { ...arrays, above };
}

function drawAbove(seed, layer, { radii, largest_gaussian, direction }) {
  const H = direction.length;
  const size = 4 * H * H;
  const place = (largest_gaussian.length * seed + layer) * (3 * size + 4 * H);
  const numbers = normals(place, 3 * size + 4 * H);
  const part = (n) => numbers.subarray(n * size, (n + 1) * size);
  const rounded = (values, change) => Float64Array.from(values, (value, n) => Math.fround(change(value, n)));
  const radius = (n) => radii[4 * (layer - 2) + Math.floor(n / (H * H))];
  return {
    weight_ih: rounded(part(0), (value) => value / Math.sqrt(H)),
    gaussian: rounded(part(1), (value, n) => value / radius(n)),
    orthogonal: rounded(orthogonalised(part(2), H), (value) => value),
    bias: rounded(numbers.subarray(3 * size), (value) => 0.1 * value),
  };
}

// `count` standard normal numbers from a `place` in one endless list on: counters, scrambled by the last steps of
// MurmurHash3 (Appleby, 2008), are uniform; two make one normal number (Box and Muller, 1958).
export function normals(place, count) {
  const uniform = (counter) => (scrambled(counter) + 0.5) / 2 ** 32;
  return Float64Array.from({ length: count }, (_, n) => {
    const counter = 2 * (place + n);
    return Math.sqrt(-2 * Math.log(uniform(counter))) * Math.cos(2 * Math.PI * uniform(counter + 1));
  });
}

function scrambled(bits) {
  for (const [shift, factor] of [[16, 0x85ebca6b], [13, 0xc2b2ae35], [16, 1]]) {
    bits = Math.imul(bits ^ (bits >>> shift), factor);
  }
  return bits >>> 0;
}

// Gram and Schmidt: each H×H block's columns, made perpendicular to those before and of length 1.
export function orthogonalised(blocks, H) {
  const out = Float64Array.from(blocks);
  for (let block = 0; block < out.length; block += H * H) {
    const dot = (a, b) => {
      let sum = 0;
      for (let row = block; row < block + H * H; row += H) sum += out[row + a] * out[row + b];
      return sum;
    };
    for (let column = 0; column < H; column += 1) {
      for (let before = 0; before < column; before += 1) {
        const along = dot(column, before);
        for (let row = block; row < block + H * H; row += H) out[row + column] -= along * out[row + before];
      }
      const length = Math.sqrt(dot(column, column));
      for (let row = block; row < block + H * H; row += H) out[row + column] /= length;
    }
  }
  return out;
}
