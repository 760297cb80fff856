import assert from "node:assert/strict";
import { test } from "node:test";

import { translator } from "../kit/i18n.js";
import { LABELS } from "./labels.js";
import { numbers } from "./numbers.js";
import { decimals, isNearest, scale, sentences } from "./outcome.js";

const percent = { low: 0, high: 100, step: 1, unit: "%" };
const say = (lang, settings) => sentences(settings, translator(LABELS, lang)).join(" ");

test("as many digits as a number needs", () => {
  assert.deepEqual([40, 0.5, 0.25, 1e-3, -1.25, 0, 0.1 + 0.2].map(decimals), [0, 1, 2, 3, 2, 0, 1]);
  assert.equal(decimals(1 / 3), 8);
});

test("a guess is written as finely as the slider moves, the computed value to a tenth of a step", () => {
  const cases = [
    [{ low: 0, high: 100, step: 1 }, 40, "40", 61.34, "61.3"],
    [{ low: 0, high: 100, step: 1 }, 40, "40", 61, "61"],
    [{ low: 0, high: 1, step: 0.01 }, 0.5, "0.5", 0.61349, "0.613"],
    [{ low: 0, high: 7, step: 0.07 }, 3.57, "3.57", 3.14159, "3.142"],
    [{ low: 0.5, high: 4.5, step: 1 }, 2.5, "2.5", 2.04, "2"],
    [{ low: -3, high: 3, step: 0.5 }, -1.5, "−1.5", -0.001, "0"],
    [{ low: 0, high: 200000, step: 1000 }, 12000, "12,000", 123456.7, "123,457"],
    [{ low: 1000, high: 9000, step: 1000 }, 3000, "3000", 2999.6, "3000"],
  ];
  for (const [settings, guess, own, right, computed] of cases) {
    const written = scale({ ...settings, unit: "" });
    assert.deepEqual([written.guess(guess), written.right(right)], [own, computed]);
  }
});

test("a unit of letters stands apart, a sign or a Korean counter follows at once", () => {
  const units = ["%", "°", "번", "배", "nats", "μs", "Å", ""];
  const written = units.map((unit) => scale({ ...percent, unit }).guess(3));
  assert.deepEqual(written, ["3%", "3°", "3번", "3배", "3\u00a0nats", "3\u00a0μs", "3\u00a0Å", "3"]);
});

test("the slider starts on the step in the middle", () => {
  assert.equal(scale(percent).middle, 50);
  assert.equal(scale({ low: 1, high: 4, step: 1, unit: "" }).middle, 3);
  assert.equal(scale({ low: -2, high: 3, step: 0.5, unit: "" }).middle, 0.5);
});

test("where a number lies on the axis", () => {
  const { percent: place } = scale({ low: -1, high: 3, step: 0.5, unit: "" });
  assert.deepEqual([-1, 0, 3].map(place), [0, 25, 100]);
});

test("the difference is that of the numbers as they are written", () => {
  const label = translator(LABELS, "en");
  const nats = scale({ low: 0, high: 4, step: 0.1, unit: "nats" });
  assert.equal(nats.difference(1.4, 2.2449, label), "0.84\u00a0nats"); // 2.24 − 1.4
  assert.equal(nats.difference(2.5, 2.2449, label), "0.26\u00a0nats");
  assert.equal(nats.difference(1.4444, 2.2449, label), "0.84\u00a0nats"); // Python's guess, written as 1.4
});

test("the nearest step is told from the next", () => {
  assert.ok(isNearest(61, 61.3, 1) && isNearest(61, 61.5, 1) && isNearest(0.3, 0.25, 0.1));
  assert.ok(!isNearest(61, 61.51, 1) && !isNearest(62, 61.3, 1) && !isNearest(0.4, 0.25, 0.1));
});

test("the result in words, lower and higher, in both languages", () => {
  assert.equal(say("en", { ...percent, guess: 40, right: 61.3 }),
    "Your guess is 40%, the computed value 61.3%. The guess is 21.3 percentage points lower.");
  assert.equal(say("en", { ...percent, guess: 62, right: 61 }),
    "Your guess is 62%, the computed value 61%. The guess is 1 percentage point higher.");
  assert.equal(say("ko", { ...percent, guess: 40, right: 61.3 }),
    "내 예측은 40%, 계산한 값은 61.3%입니다. 예측이 21.3%포인트 작습니다.");
  assert.equal(say("ko", { low: 0, high: 20, step: 1, unit: "번", guess: 12, right: 7 }),
    "내 예측은 12번, 계산한 값은 7번입니다. 예측이 5번 큽니다.");
  assert.match(say("ko", { ...percent, guess: 61, right: 61.3 }), /가장 가까운 값입니다/);
  assert.match(say("en", { ...percent, guess: 61, right: 61.3 }), /comes closer/);
});

test("numbers: no guess is NaN", () => {
  const get = (traits) => (name) => traits[name];
  assert.deepEqual(numbers(get({ right: 2, guess: null })), { right: 2, guess: NaN, difference: NaN });
  assert.deepEqual(numbers(get({ right: 2, guess: 0 })), { right: 2, guess: 0, difference: -2 });
});
