import assert from "node:assert/strict";
import { test } from "node:test";

import { brief, describe, equations, jacobian, largest, ranked, subscript, terms, written } from "./describe.js";
import { grid, places, spread, widthOf } from "./layout.js";
import { strip } from "./rows.js";
import { cut, idsOf, joined, visible } from "./signs.js";
import { createStudy } from "./study.js";
import { toySpecimen } from "./toy.js";

const label = (key, holes = {}) => `${key} ${JSON.stringify(holes)}`;

test("texts are cut into words, characters or letters, as Python cuts them", () => {
  assert.deepEqual(cut("  Ich\u00a0möchte\u001cein\n", "words", 48).signs, ["Ich", "möchte", "ein"]);
  assert.deepEqual(cut("\ufeff", "words", 48).signs, ["\ufeff"]); // no space in Python
  assert.deepEqual(cut("3월".normalize("NFD"), "characters", 48).signs, ["3", "월"]);
  assert.deepEqual(cut("각ㄱ", "letters", 48).signs, ["\u1100", "\u1161", "\u11a8", "\u1100"]);
  assert.deepEqual(cut("abc", "characters", 2), { signs: ["a", "b"], unread: 1 });
  assert.equal(joined(["a", "b"], "words"), "a b");
  assert.equal(joined(["a", "b"], "characters"), "ab");
});

test("signs are known as they stand, else in small letters, else not", () => {
  const idOf = idsOf(["�", "Morgen", "bier", "morgen"]);
  assert.deepEqual(["Morgen", "morgen", "MORGEN", "Bier", "x", "�"].map(idOf), [1, 3, 3, 2, 0, 0]);
  assert.equal(idsOf(["�", "Morgen"])("morgen"), 1);
});

test("single jamo are shown alone, what has no shape gets one", () => {
  const shown = ["\u1109", "\u1165", "\u11af", " ", "\u202e", "a\u0000b", "\u0301", "월", "😀"].map(visible);
  assert.deepEqual(shown, ["ㅅ", "ㅓ", "ㄹ", "␣", "□", "a□b", "□", "월", "😀"]);
});

test("probabilities never round to what they are not", () => {
  const wanted = { 0: "0.00", 1: "1.00", 0.004: "<0.01", 0.994: "0.99", 0.9951: ">0.99", 0.5: "0.50" };
  for (const [p, text] of Object.entries(wanted)) assert.equal(brief(Number(p)), text);
});

test("orders, sums and small numbers under a letter", () => {
  assert.equal(largest([1, 5, 2]), 1);
  assert.deepEqual(ranked([1, 5, 2]), [1, 2, 0]);
  assert.equal(subscript(105), "₁₀₅");
  assert.equal(terms([1, 2, 3], String, 3), "0 + 1 + 2");
  assert.equal(terms([5, 0, 0, 4, 0], String, 2), "0 + … + 3 + …");
});

test("signs stand in their order, without touching, in the room or beyond it", () => {
  for (const width of [120, 300, 900]) {
    const { middles, total } = spread(["Ich", "möchte", "맥주를"], width);
    middles.slice(1).forEach((each, n) => assert.ok(each - middles[n] > 30));
    assert.ok(middles[0] - widthOf("Ich") / 2 >= 0 && middles[2] + widthOf("맥주를") / 2 <= Math.max(width, total));
  }
  assert.ok(spread(Array.from({ length: 15 }, () => "일"), 310).total <= 310); // a date on a phone
  const both = places(["a"], Array.from({ length: 24 }, () => "word"), 300);
  assert.ok(both.width > 300 && both.target.at(-1) < both.width && both.source[0] === 150); // seen without scrolling
});

test("the map fits its room where it can, and keeps cells that can be seen where it cannot", () => {
  const source = ["Ich", "möchte", "ein", "Bier", "trinken"];
  const { left, right, column, slanted } = grid(source, ["would"], 320);
  assert.ok(slanted && left + right + column * 5 <= 321);
  assert.equal(grid([..."2026"], ["0"], 320).slanted, false);
  assert.equal(grid(Array(48).fill("a"), ["b"], 300).column, 15);
  assert.equal(grid(Array(48).fill("Bruder"), ["b"], 300).column, 21); // slanted names do not lie on each other
});

test("a strip has a colour for every unit, the largest at its fullest, and none for zeros", () => {
  const colours = strip([0, 1, -1], 1).match(/rgb\([^)]*\)/g);
  assert.deepEqual(colours.map((each) => each.match(/[\d.]+\)$/)[0]), ["0.00)", "1.00)", "1.00)"]);
  assert.ok(strip([0, 0], 0).includes("/ 0.00)"));
});

const settings = {
  model: "toy", score: "dot", text: "a b c", temperature: 2, attention: "learned", moved: [], time: 1, output: "",
};
const get = (changes) => (trait) => ({ ...settings, ...changes })[trait];
const found = (changes = {}) => createStudy(toySpecimen(), 48)(get(changes));

test("the Jacobian is what scores do to weights, whatever is done to the weights after", () => {
  for (const attention of ["learned", "shifted", "uniform", "off"]) {
    const study = found({ attention });
    const step = study.steps[0];
    const matrix = jacobian(step);
    const S = 3;
    for (let j = 0; j < S; j += 1) {
      const weights = (by) => {
        const learned = study.task.network.softmax(step.scores.map((each, n) => (each + (n === j ? by : 0)) / 2));
        if (step.byHand) return step.weights;
        return attention === "shifted" ? learned.map((_, i) => learned[(i + S - 1) % S]) : learned;
      };
      const [above, below] = [weights(1e-6), weights(-1e-6)];
      for (let i = 0; i < S; i += 1) {
        assert.ok(Math.abs(matrix[i * S + j] - (above[i] - below[i]) / 2e-6) < 1e-8);
      }
    }
  }
});

test("what is written is said, and what attention left alone would write where that is asked", () => {
  const study = found();
  const say = (...rest) => describe(study, ...rest, label).map(([, text]) => text);
  assert.match(say(null, 1)[0], /^writes .*"t":1/);
  assert.equal(say(null, 1).length, 2);
  assert.match(say(study.steps, 1)[2], /^same/);
  assert.match(say(study.steps.slice(0, 1), 1)[2], /^before/);
  assert.match(describe(found({ attention: "off" }), null, 1, label)[0][1], /^writesOff/);
  assert.equal(written([{ token: 0 }, { token: 1 }, { token: 2 }], { ...study.task, end: 2 }), "x y");
  assert.equal(written([{ token: 0 }], { ...study.task, end: 2 }), "x…");
});

test("the equations name what each weight comes from", () => {
  const second = (changes) => equations(found(changes), 1, 1, 0, label)[1][1].split(" ")[0];
  assert.equal(second({}), "eqWeight");
  assert.equal(second({ attention: "shifted" }), "eqWeightShifted");
  assert.equal(second({ attention: "uniform" }), "eqWeightUniform");
  assert.equal(second({ attention: "off" }), "eqWeightOff");
  assert.equal(second({ moved: [{ step: 1, weights: [0.2, 0.3, 0.5] }] }), "eqWeightHand");
  const [, , [kind, context]] = equations(found(), 1, 1, 1, label);
  assert.equal(kind, "equation");
  const { terms: parts, value } = JSON.parse(context.slice(context.indexOf("{")));
  const plain = (text) => Number(text.replace("−", "-").replace(/[()]/g, ""));
  const product = (term) => term.split("·").reduce((total, part) => total * plain(part), 1);
  const added = parts.split(" + ").reduce((total, term) => total + product(term), 0);
  assert.ok(Math.abs(added - plain(value)) < 0.02);
});
