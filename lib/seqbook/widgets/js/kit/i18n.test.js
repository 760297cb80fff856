import assert from "node:assert/strict";
import { test } from "node:test";

import { particle, translator } from "./i18n.js";

const TABLES = { ko: { step: "{t}번째 시점" }, en: { step: "step {t} of {T}" } };

test("a label's holes are filled, and an unfilled hole stays visible", () => {
  assert.equal(translator(TABLES, "ko")("step", { t: 3 }), "3번째 시점");
  assert.equal(translator(TABLES, "en")("step", { t: 3 }), "step 3 of {T}");
});

test("an unknown language or key is an error, not an empty label", () => {
  assert.throws(() => translator(TABLES, "de"), /no labels for language "de"/);
  assert.throws(() => translator(TABLES, "en")("stop"), /no label "stop" in language "en"/);
});

test("a Korean particle follows the last sound", () => {
  assert.equal(particle("h(3)", "을", "를"), "을");
  assert.equal(particle("h(2)", "을", "를"), "를");
  assert.equal(particle("h(10)", "을", "를"), "을");
  assert.equal(particle("가중치", "을", "를"), "를");
  assert.equal(particle("편향", "을", "를"), "을");
});
