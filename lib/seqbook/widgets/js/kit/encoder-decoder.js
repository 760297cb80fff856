// An encoder–decoder Transformer (scratch.Transformer: pre-norm blocks, sinusoidal positions), forward, with heads that
// can be erased. Matrices as in transformer.js.
import { attention, feedForward, layerNorm, layersOf, linear, tokens } from "./transformer.js";

const open = (T, S) => Array.from({ length: T }, () => Array(S).fill(true));
const causal = (T) => Array.from({ length: T }, (_, t) => Array.from({ length: T }, (_, s) => s <= t));

// `arrays` = { name: { values } } under the names of scratch.Transformer's parameters; `heads` is N. `set` in both
// functions = { temperature, erased(place, layer, head) }, places "encoder", "decoder" and "cross", from 0: scores are
// divided by the temperature, and nothing that an erased head gathers goes on.
export function createEncoderDecoder(arrays, heads) {
  const { layer, layers, attentionOf, feedForwardOf, blocks, encoderBlock } = layersOf(arrays);
  const encoder = blocks("encoder", encoderBlock);
  const decoder = blocks("decoder", (at) => ({
    ...feedForwardOf(at), ...layers(`${at}.`, "norm1", "norm2", "norm3"),
    self: attentionOf(`${at}.self_attention`), cross: attentionOf(`${at}.cross_attention`),
  }));
  const [encoderNorm, decoderNorm, output] = [layer("encoder.norm"), layer("decoder.norm"), layer("output")];
  const [source, target] = ["source", "target"].map((part) => arrays[`${part}.embedding.weight`].values);
  const [E, V] = [encoderNorm.bias.length, output.bias.length];
  const K = E / heads;

  const setOf = ({ temperature, erased }, place, at) => ({ temperature, erased: (head) => erased(place, at, head) });

  // What the decoder looks at, (S, E), and each block's attention { q, k, v, mixed, weights … }.
  function read(ids, set) {
    let x = tokens(ids, source, E);
    const mask = open(ids.length, ids.length);
    const looks = encoder.map((block, at) => {
      const look = attention(x, block, block.norm1, heads, mask, setOf(set, "encoder", at));
      x = feedForward(look.y, block, block.norm2).y;
      return look;
    });
    return { memory: layerNorm(x, encoderNorm).out, looks };
  }

  // logits (T, V) after the target's ids (T,), and each block's attentions { decoder, cross }.
  function write(ids, memory, set) {
    let y = tokens(ids, target, E);
    const [S, mask] = [memory.length / E, causal(ids.length)];
    const looks = decoder.map((block, at) => {
      const own = attention(y, block.self, block.norm1, heads, mask, setOf(set, "decoder", at));
      const cross = attention(own.y, block.cross, block.norm2, heads, open(ids.length, S),
        { memory, ...setOf(set, "cross", at) });
      y = feedForward(cross.y, block, block.norm3).y;
      return { decoder: own, cross };
    });
    return { logits: linear(layerNorm(y, decoderNorm).out, output), looks };
  }

  // The columns (E, K) of W_O that take on what a head has gathered, row-major.
  function onward(place, at, head) {
    const own = place === "encoder" ? encoder[at] : decoder[at][place === "cross" ? "cross" : "self"];
    const { weight } = own.output;
    return Float64Array.from({ length: E * K }, (_, n) => weight[Math.floor(n / K) * E + head * K + (n % K)]);
  }
  return { E, K, V, layers: encoder.length, read, write, onward };
}
