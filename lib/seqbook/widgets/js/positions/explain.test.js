import assert from "node:assert/strict";
import { test } from "node:test";

import { translator } from "../kit/i18n.js";
import { aboveIt, explain, place } from "./explain.js";
import { LABELS } from "./labels.js";
import { createStudy } from "./study.js";

const array = (shape, value) => {
  const data = new DataView(new ArrayBuffer(4 * shape[0] * shape[1]));
  for (let n = 0; n < shape[0] * shape[1]; n += 1) data.setFloat32(4 * n, value(n), true);
  return { shape, data };
};
const SPECIMEN = { rows: array([64, 32], (n) => Math.sin(n * n)), drawn: array([2, 64], (n) => Math.cos(7 * n * n)) };
const SETTINGS = {
  first: 10, second: 16, kind: "sinusoidal", pairing: "neighbours", pairs: 16, base: 10000, stretch: 1, shift: 0,
  extrapolate: false, vectors: "ones",
};
const study = createStudy(SPECIMEN);
const said = (changes, lang = "en") => explain(study({ ...SETTINGS, ...changes }), translator(LABELS, lang));

test("a change of the positions or of the shift leaves the whole line's codes as they are", () => {
  const { codes, least } = study(SETTINGS);
  for (const change of [{ first: 3 }, { second: 60 }, { shift: 9 }]) {
    const found = study({ ...SETTINGS, ...change });
    assert.ok(found.codes === codes && found.least === least, JSON.stringify(change));
  }
  for (const change of [{ base: 100 }, { stretch: 2 }, { pairs: 8 }, { kind: "rotary" }, { extrapolate: true }]) {
    assert.notEqual(study({ ...SETTINGS, ...change }).codes, codes, JSON.stringify(change));
  }
});

test("no hole is left open in any state, in either language", () => {
  for (const kind of ["sinusoidal", "rotary", "learned"]) {
    for (const changes of [{}, { shift: 20 }, { shift: 60 }, { first: 63, shift: 5 }, { second: 70, extrapolate: true },
      { second: 70, extrapolate: true, stretch: 2 }, { first: 60, second: 255, extrapolate: true, stretch: 1.25 },
      { vectors: "drawn" }, { vectors: "drawn", pairing: "halves" }]) {
      for (const lang of ["ko", "en"]) {
        const lines = said({ kind, ...changes }, lang);
        assert.ok(lines.length && lines.every((each) => each && !/[{}]|NaN|undefined|null/.test(each)), `${lines}`);
      }
    }
  }
});

test("the distance alone decides for sinusoids and rotary ones, not for learned ones", () => {
  assert.match(said({})[0], /distance 6\): dot product 11\.89\. It depends on the distance alone/);
  assert.match(said({ kind: "rotary" })[0], /dot product 23\.78\. Of a turned query and key/);
  assert.match(said({ kind: "learned" })[0], /the distance alone does not decide it/);
  assert.match(said({ first: 16, second: 10 })[0], /distance −6/);
});

test("a shift keeps the dot product of sinusoids; where the line ends, it is shorter", () => {
  const [, kept] = said({ shift: 20 });
  assert.match(kept, /position 10 becomes that of position 30.* less than 10⁻¹³.* was 11\.89 and is 11\.89/);
  assert.match(said({ shift: 60 })[1], /^Shifted by 47,.* ends at position 63: there was no room for more/);
  assert.match(said({ shift: 5, second: 63 })[1], /^The line ends at position 63: there is no room/);
  const [, learned] = said({ kind: "learned", shift: 20 });
  const [, before, after] = learned.match(/was (\S+) and is (\S+)\.$/);
  assert.notEqual(before, after);
});

test("beyond the trained length each kind says what stands there", () => {
  const far = { extrapolate: true, second: 100 };
  assert.match(said(far)[1], /^Beyond the trained length: 100\. Of 16 clocks, \d+ have a hand where training never/);
  assert.match(said({ ...far, kind: "rotary", first: 90 })[1], /^Beyond the trained length: 90, 100\. Yet RoPE/);
  assert.match(said({ ...far, kind: "rotary" })[1], /[Oo]f 16 clocks, \d+ have an angle/);
  const learned = said({ ...far, kind: "learned" });
  assert.match(learned[0], /no dot product/);
  assert.match(learned[1], /no row to read: 100\. .*ValueError/);
  assert.match(said({ ...far, kind: "learned", shift: 20 })[1], /no row to read: 120/); // and nothing of a shift
  const stretched = said({ ...far, kind: "learned", stretch: 2 });
  assert.match(stretched[1], /between two learned rows/);
  assert.match(stretched[2], /position 10 gets the code of 5, and position 100 that of 50/);
  assert.match(said({ ...far, stretch: 2 })[1], /each hand by itself points where training had it/);
});

test("the two pairings are told apart where query and key are drawn", () => {
  const [, line] = said({ kind: "rotary", vectors: "drawn" });
  const [, same, dot, again] = line.match(/have (\S+) in place of (\S+);.*, (\S+) again/);
  assert.ok(dot === again && same !== dot, line);
  assert.equal(said({ kind: "rotary" }).length, 1);
});

test("numbers as words", () => {
  assert.deepEqual([25, 12.5, 10 / 3].map(place), ["25", "12.5", "3.33"]);
  assert.deepEqual([0, 2e-15, 3e-13, 1e-5].map(aboveIt), ["10⁻¹³", "10⁻¹³", "10⁻¹²", "10⁻⁴"]);
});
