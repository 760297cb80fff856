import assert from "node:assert/strict";
import { test } from "node:test";

import { ABOVE, BELOW, diverging } from "./colours.js";

const luminance = (rgb) => {
  const [red, green, blue] = rgb.map((byte) => {
    const channel = byte / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
};
const contrast = (a, b) => {
  const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (high + 0.05) / (low + 0.05);
};

test("the middle is the background, the ends are full hues", () => {
  assert.equal(diverging(0)[3], 0);
  assert.deepEqual(diverging(-1), [...BELOW, 255]);
  assert.deepEqual(diverging(3), [...ABOVE, 255]);
  assert.ok(diverging(0.25)[3] < diverging(0.5)[3]);
});

test("both hues stand out on both backgrounds", () => {
  for (const hue of [BELOW, ABOVE]) {
    for (const background of [[255, 255, 255], [20, 24, 31]]) {
      assert.ok(contrast(hue, background) >= 3, `${hue} on ${background}: ${contrast(hue, background)}`);
    }
  }
});
