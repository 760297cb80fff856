import assert from "node:assert/strict";
import { test } from "node:test";

import { dotPath, linePath } from "./line-chart.js";
import { linear, symmetricLog } from "./scale.js";

test("a line through the values; zero lies on the lower edge, infinity on the upper", () => {
  const path = linePath([1, 0, Infinity], linear([1, 3], [0, 20]), symmetricLog(2, [100, 0]));
  assert.equal(path, "M0.0 50.0L10.0 100.0L20.0 0.0");
  assert.equal(dotPath([1, 0], linear([1, 3], [0, 20]), symmetricLog(2, [100, 0])), "M0.0 50.0h0M10.0 100.0h0");
});
