// A small untrained Transformer as Python sends one, for the tests: every number is a sine of its place.

const [E, F, HEADS, LAYERS] = [4, 3, 2, 2];

function shapesOf(source, target) {
  const linear = (name, rows, columns) => [[`${name}.weight`, [rows, columns]], [`${name}.bias`, [rows]]];
  const norm = (name) => ["weight", "bias"].map((each) => [`${name}.${each}`, [E]]);
  const attention = (at) => ["query", "key", "value", "output"].flatMap((name) => linear(`${at}.${name}`, E, E));
  const feed = (at) => [...linear(`${at}.feed_forward.linear1`, F, E), ...linear(`${at}.feed_forward.linear2`, E, F)];
  const block = (at, attentions, norms) => [
    ...attentions.flatMap((name) => attention(`${at}.${name}`)), ...feed(at),
    ...Array.from({ length: norms }, (_, n) => norm(`${at}.norm${n + 1}`)).flat(),
  ];
  const blocks = (stack, ...rest) =>
    Array.from({ length: LAYERS }, (_, n) => block(`${stack}.blocks.${n}`, ...rest)).flat();
  return [
    ["source.embedding.weight", [source, E]], ["target.embedding.weight", [target, E]],
    ...blocks("encoder", ["attention"], 2), ...norm("encoder.norm"),
    ...blocks("decoder", ["self_attention", "cross_attention"], 3), ...norm("decoder.norm"),
    ...linear("output", target, E),
  ];
}

// `end` is what is added to the logit of the end.
export function toyTransformer({ end = 0 } = {}) {
  const [source, target] = [["�", "a", "b", "c"], ["x", "y", "z", "■", "□"]];
  const header = {};
  const values = [];
  for (const [name, shape] of shapesOf(source.length, target.length)) {
    const size = shape.reduce((product, each) => product * each, 1);
    header[name] = { dtype: "F32", shape, data_offsets: [4 * values.length, 4 * (values.length + size)] };
    for (let n = 0; n < size; n += 1) values.push(1.5 * Math.sin(7.1 * values.length + 0.3));
    if (name === "output.bias") values[values.length - 2] += end;
  }
  const text = new TextEncoder().encode(JSON.stringify(header));
  const file = new DataView(new ArrayBuffer(8 + text.length + 4 * values.length));
  file.setBigUint64(0, BigInt(text.length), true);
  text.forEach((byte, n) => file.setUint8(8 + n, byte));
  values.forEach((value, n) => file.setFloat32(8 + text.length + 4 * n, value, true));
  const names = ["encoder", "decoder", "cross"].flatMap((place) =>
    [1, 2].flatMap((layer) => [1, 2].map((head) => `${place} ${layer} ${head}`)));
  const toy = {
    source, target, kinds: ["words", "words"], heads: HEADS, layers: LAYERS, units: E / HEADS, file, text: "a b c",
    time: 1, right: 0.999, erased: Object.fromEntries(names.map((name, n) => [name, n / 16])),
  };
  return { models: {}, transformers: { toy }, end: "■", start: "□", most: 11 };
}
