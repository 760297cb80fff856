// The numbers of the chosen model at the present settings, as `GradientFlow.numbers` gives them.
import { settingsOf, unpacked } from "./flow.js";
import { gradients } from "./models.js";

export const numbers = (get) => gradients(get("model"), unpacked(get("draws")[get("seed")]), settingsOf(get));
