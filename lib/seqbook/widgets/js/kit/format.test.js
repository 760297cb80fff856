import assert from "node:assert/strict";
import { test } from "node:test";

import { fixed, percent, powerOfTen, significant } from "./format.js";

test("fixed digits, a real minus sign, no negative zero", () => {
  assert.equal(fixed(-0.456), "−0.46");
  assert.equal(fixed(-0.001), "0.00");
  assert.equal(fixed(2, 0), "2");
});

test("significant digits switch to powers of ten at both ends", () => {
  assert.equal(significant(0), "0");
  assert.equal(significant(1), "1.00");
  assert.equal(significant(0.0123), "0.0123");
  assert.equal(significant(45.67), "45.7");
  assert.equal(significant(9999), "1.00·10⁴");
  assert.equal(significant(-1.234e-7), "−1.23·10⁻⁷");
  assert.equal(significant(Infinity), "∞");
  assert.equal(powerOfTen(-12), "10⁻¹²");
});

test("a probability that rounds to nothing or to all, and is neither, says so", () => {
  assert.deepEqual([0, 0.001, 0.5, 0.996, 1].map(percent), ["0%", "<1%", "50%", ">99%", "100%"]);
});
