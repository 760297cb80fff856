// All numbers, as `MaskLaboratory.numbers` gives them.
import { createNetworks, createStudy } from "./study.js";

export const KNOBS = ["text", "padding", "mask", "layers", "time", "trained"];
export const settings = (get) => Object.fromEntries(KNOBS.map((name) => [name, get(name)]));

export function numbers(get) {
  const study = createStudy(createNetworks(get("specimen")), get("limits").text.most);
  const found = study(settings(get));
  if (!found.T) {
    const none = ["mask", "knows", "loss", "training_loss", "right_loss", "answer", "gradient", "written"];
    return Object.fromEntries(none.map((name) => [name, []]));
  }
  const ones = (matrix) => matrix.map((row) => row.map(Number));
  return {
    mask: ones(found.mask),
    knows: ones(found.known),
    loss: found.loss,
    training_loss: found.training,
    right_loss: found.right,
    answer: found.answer,
    gradient: found.gradient,
    written: found.written,
  };
}
