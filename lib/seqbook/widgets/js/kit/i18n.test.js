import assert from "node:assert/strict";
import { test } from "node:test";

import { translator } from "./i18n.js";

const TABLES = { ko: { step: "{t}번째 시점" }, en: { step: "step {t} of {T}" } };

test("a label's holes are filled, and an unfilled hole stays visible", () => {
  assert.equal(translator(TABLES, "ko")("step", { t: 3 }), "3번째 시점");
  assert.equal(translator(TABLES, "en")("step", { t: 3 }), "step 3 of {T}");
});

test("an unknown language or key is an error, not an empty label", () => {
  assert.throws(() => translator(TABLES, "de"), /no labels for language "de"/);
  assert.throws(() => translator(TABLES, "en")("stop"), /no label "stop" in language "en"/);
});
