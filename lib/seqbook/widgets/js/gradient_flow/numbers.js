// The numbers of the chosen model at the present settings, as `GradientFlow.numbers` gives them.
import { unpacked } from "./draws.js";
import { layerOf, settingsOf } from "./flow.js";
import { gradients } from "./models.js";

export function numbers(get) {
  const [layer, seed] = [layerOf(get), get("seed")];
  const { dh, gradient, matrix } = gradients(get("model"), unpacked(get("draws")[seed], seed), settingsOf(get));
  return { dh: dh[layer - 1], matrix: matrix(layer), layers: dh.flatMap((sizes) => [...sizes]), gradient };
}
