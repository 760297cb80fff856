// A small untrained model as Python sends one, for the tests: every number is a sine of its place.

export function toySpecimen() {
  const [H, D, source, target] = [2, 2, ["�", "a", "b", "c"], ["x", "y", "■", "□"]];
  const recurrent = { weight_ih: [3 * H, D], weight_hh: [3 * H, H], bias: [3 * H], bias_hn: [H] };
  const part = (name) => Object.entries(recurrent).map(([key, shape]) => [`${name}.recurrent.${key}`, shape]);
  const shapes = [
    ["encoder.embedding.weight", [source.length, D]], ...part("encoder"),
    ["decoder.embedding.weight", [target.length, D]], ...part("decoder"),
    ["decoder.combine.weight", [H, 2 * H]], ["decoder.combine.bias", [H]],
    ["decoder.output.weight", [target.length, H]], ["decoder.output.bias", [target.length]],
  ];
  const header = {};
  const values = [];
  for (const [name, shape] of shapes) {
    const size = shape.reduce((product, each) => product * each, 1);
    header[name] = { dtype: "F32", shape, data_offsets: [4 * values.length, 4 * (values.length + size)] };
    for (let n = 0; n < size; n += 1) values.push(Math.sin(7.1 * values.length + 0.3));
  }
  const text = new TextEncoder().encode(JSON.stringify(header));
  const file = new DataView(new ArrayBuffer(8 + text.length + 4 * values.length));
  file.setBigUint64(0, BigInt(text.length), true);
  text.forEach((byte, n) => file.setUint8(8 + n, byte));
  values.forEach((value, n) => file.setFloat32(8 + text.length + 4 * n, value, true));
  const toy = { source, target, kinds: ["words", "words"], files: { dot: file }, text: "a b c", time: 1 };
  return { models: { toy }, end: "■", start: "□", most: 6 };
}
