// The network run along a text, a piece at a time, and again only from where something changed.
import { lstmStep } from "../kit/lstm.js";
import { activeAt, firstStep } from "./clamps.js";

// `weights` as in kit/lstm.js; `project(step)` gives the step's W_ih x + b. `base`, a run along the same text without
// clamps, lends its steps up to the first clamp. `steps[t - 1]` holds i, f, g, o, c and h of step t, once computed.
export function createRun({ weights, project, base = null }) {
  const H = weights.bias.length / 4;
  const zeros = { h: new Float64Array(H), c: new Float64Array(H) };
  const steps = [];
  let inputs = [];
  let clamps = [];

  // Takes a new text or new clamps; keeps the steps before the first difference.
  function read(newInputs, newClamps = []) {
    let same = 0;
    while (same < steps.length && same < newInputs.length && inputs[same].key === newInputs[same].key) same += 1;
    if (JSON.stringify(clamps) !== JSON.stringify(newClamps)) {
      same = Math.min(same, firstStep(clamps) - 1, firstStep(newClamps) - 1);
    }
    steps.length = same;
    inputs = newInputs;
    clamps = newClamps;
  }

  // Computes up to step `last`, or until `ended()` says that the time is over. Whether it got there.
  function advance(last, ended = () => false) {
    while (steps.length < last) {
      if (ended()) return false;
      const t = steps.length + 1;
      const before = steps.at(-1) ?? zeros;
      const held = activeAt(clamps, t);
      const lent = base && !held.length && (t === 1 || before === base.steps[t - 2]) ? base.steps[t - 1] : null;
      steps.push(lent ?? lstmStep(weights, project(inputs[t - 1]), before, held));
    }
    return true;
  }
  return { steps, read, advance };
}
