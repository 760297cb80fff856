// A trained model's file (seqbook.models.files), read as NumPy reads it: matrices are int8 times one scale for each
// row, rounded to float32; "blocks.*.x" holds the arrays "blocks.0.x", "blocks.1.x" … along its first axis. Gives
// { name: { shape, values } }, values float64.

const SCALE = ".scale";
const STACKED = "*";

function numbers(bytes, { dtype, data_offsets: [from, to] }) {
  if (dtype === "I8") return Float64Array.from({ length: to - from }, (_, n) => bytes.getInt8(from + n));
  if (dtype === "F32")
    return Float64Array.from({ length: (to - from) / 4 }, (_, n) => bytes.getFloat32(from + 4 * n, true));
  throw new Error(`arrays must be I8 or F32, got ${dtype}`);
}

export function readSafetensors(file) {
  const length = Number(file.getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(file.buffer, file.byteOffset + 8, length)));
  const bytes = new DataView(file.buffer, file.byteOffset + 8 + length);
  const names = Object.keys(header).filter((name) => name !== "__metadata__" && !name.endsWith(SCALE));
  return Object.fromEntries(
    names.flatMap((name) => {
      const { shape } = header[name];
      const values = numbers(bytes, header[name]);
      if (header[name + SCALE]) {
        const scales = numbers(bytes, header[name + SCALE]);
        values.forEach((value, n) => (values[n] = Math.fround(value * scales[Math.floor(n / shape.at(-1))])));
      }
      if (!name.includes(STACKED)) return [[name, { shape, values }]];
      const size = values.length / shape[0];
      return Array.from({ length: shape[0] }, (_, n) =>
        [name.replace(STACKED, n), { shape: shape.slice(1), values: values.subarray(n * size, (n + 1) * size) }]);
    }),
  );
}
