// What one drag of a slider computes.
import { study } from "./rounds.js";

let moves = 0;

export const CASES = {
  "a drag at T=16": () => {
    const x = Array.from({ length: 16 }, (_, n) => n + ((moves += 1) % 100) / 100);
    return study({ operation: "recurrence", method: "doubling", steps: 16, decay: 0.5, x, target: 16 });
  },
};
