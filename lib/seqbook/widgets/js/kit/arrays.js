// Arrays from Python: { shape: [rows, columns], data: DataView of little-endian float32 }, to float64 for computing.

export function toFloat64({ shape, data }) {
  const size = shape.reduce((product, length) => product * length, 1);
  if (data.byteLength !== 4 * size) {
    throw new Error(`an array of shape (${shape}) needs ${4 * size} bytes, got ${data.byteLength}`);
  }
  const values = new Float64Array(size);
  for (let i = 0; i < size; i += 1) values[i] = data.getFloat32(4 * i, true);
  return values;
}
