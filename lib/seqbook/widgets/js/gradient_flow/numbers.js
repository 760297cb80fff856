// The numbers of the chosen model at the present settings, as `GradientFlow.numbers` gives them.
import { unpacked } from "./draws.js";
import { layerOf, settingsOf } from "./flow.js";
import { gradients } from "./models.js";

export function numbers(get) {
  const layer = layerOf(get);
  const { dh, gradient, matrix } = gradients(get("model"), unpacked(get("draws")[get("seed")], get("seed")), settingsOf(get));
  return { dh: dh[layer - 1], matrix: matrix(layer), layers: dh.flatMap((sizes) => [...sizes]), gradient };
}
