import assert from "node:assert/strict";
import { test } from "node:test";

import { wellFormed } from "./text-field.js";

test("a text is composed, and lone surrogates give way to the replacement character; pairs stay", () => {
  assert.equal(wellFormed("a\ud800b"), "a�b");
  assert.equal(wellFormed("a\ud83d😀\ude00\ud83d"), "a\ufffd😀\ufffd\ufffd");
  assert.equal(wellFormed("월".normalize("NFD")), "월");
});
