// The models whose gradients the widget can show. A new one is one entry: `gradients(arrays, settings)` as in rnn.js,
// the `controls` that mean something for it, and a label "model_<name>"; Python supplies its arrays under that name.
import { gradients } from "./rnn.js";

export const MODELS = {
  rnn: { gradients, controls: ["radius", "weights", "activation", "input_scale"] },
};
