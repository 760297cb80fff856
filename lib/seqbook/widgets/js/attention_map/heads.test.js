import assert from "node:assert/strict";
import { test } from "node:test";

import { readSafetensors } from "../kit/safetensors.js";
import { dot } from "../kit/vectors.js";
import { describeHeads, headEquations, textOf } from "./heads-describe.js";
import { shaded } from "./heads-grid.js";
import { PLACES, createHeadsStudy, headOf, nameOf, namesOf, weightsOf } from "./heads-study.js";
import { toyTransformer } from "./toy-transformer.js";

const near = (one, other, within = 1e-9) => assert.ok(Math.abs(one - other) <= within, `${one} is not ${other}`);
const sum = (values) => values.reduce((total, each) => total + each, 0);
const label = (key, holes = {}) => `${key} ${JSON.stringify(holes)}`;
const settings = { model: "toy", text: "a b c", temperature: 1, erased: [] };
const get = (changes = {}) => (trait) => ({ ...settings, ...changes })[trait];
const NAMES = PLACES.flatMap((place) => [1, 2].flatMap((layer) => [1, 2].map((head) => nameOf(place, layer, head))));

test("it writes greedily, reading what it wrote, and no more than there may be", () => {
  const { run, task } = createHeadsStudy(toyTransformer(), 48)(get());
  assert.deepEqual(run.before, [task.start, ...run.written.slice(0, -1)]);
  run.written.forEach((token, t) => {
    assert.equal(token, run.logProbs[t].indexOf(Math.max(...run.logProbs[t])));
    near(sum(run.logProbs[t].map(Math.exp)), 1);
  });
  assert.equal(run.written.length, 11); // it does not come to its end
  const ended = createHeadsStudy(toyTransformer({ end: 100 }), 48)(get());
  assert.deepEqual([ended.run.written, ended.run.before], [[task.end], [task.start]]);
});

test("only what depends on a change is computed again", () => {
  const calls = {};
  const study = createHeadsStudy(toyTransformer(), 48, calls);
  study(get());
  study(get({ place: "encoder", time: 3, unit: 1 }));
  assert.deepEqual(calls, { run: 1 });
  study(get({ erased: ["cross 1 1"] }));
  study(get({ erased: ["cross 1 1"] }));
  assert.deepEqual(calls, { run: 2 });
  study(get({ temperature: 2 }));
  study(get({ text: "a" }));
  assert.deepEqual(calls, { run: 4 });
});

test("without a text there is nothing, and of a long one the beginning is read", () => {
  const study = createHeadsStudy(toyTransformer(), 48);
  const none = study(get({ text: " \n" }));
  assert.equal(none.run, null);
  const { read, run } = study(get({ text: "a b ".repeat(60) }));
  assert.deepEqual([read.signs.length, read.unread], [48, 72]);
  assert.equal(weightsOf({ run }, "encoder", 1, 1).length, 48);
});

test("weights add up to 1, for every number of signs, and the decoder does not see ahead", () => {
  const study = createHeadsStudy(toyTransformer(), 48);
  for (const text of ["a", "a b", "a b c a b c a", "c ".repeat(15)]) {
    const found = study(get({ text }));
    for (const place of PLACES) {
      const { rows, columns } = namesOf(found, place, String);
      for (const layer of [1, 2]) {
        for (const head of [1, 2]) {
          const weights = weightsOf(found, place, layer, head);
          assert.deepEqual([weights.length, weights[0].length], [rows.length, columns.length]);
          weights.forEach((row) => near(sum(row), 1));
          if (place !== "decoder") continue;
          weights.forEach((row, t) => assert.ok(row.every((each, s) => s <= t || each === 0)));
        }
      }
    }
  }
});

test("rows and columns go by what is read and what is written", () => {
  const found = createHeadsStudy(toyTransformer(), 48)(get());
  const signs = found.run.written.map((token) => found.task.target[token]);
  assert.deepEqual(namesOf(found, "encoder", String), { rows: ["a", "b", "c"], columns: ["a", "b", "c"] });
  assert.deepEqual(namesOf(found, "cross", String), { rows: signs, columns: ["a", "b", "c"] });
  assert.deepEqual(namesOf(found, "decoder", String), { rows: signs, columns: ["□", ...signs.slice(0, -1)] });
});

test("every head can be erased: what it adds is nothing, and what comes after it changes", () => {
  const study = createHeadsStudy(toyTransformer(), 48);
  const before = study(get()).run;
  for (const name of NAMES) {
    const [place, layer, head] = name.split(" ").map((each, n) => (n ? Number(each) : each));
    const free = headOf(study(get()), place, layer, head, []);
    assert.ok(free.added.every((row) => row.some((each) => Math.abs(each) > 1e-3)) && !free.isErased);
    const found = study(get({ erased: [name] }));
    const gone = headOf(found, place, layer, head, [name]);
    assert.ok(gone.isErased && gone.added.every((row) => row.every((each) => each === 0)));
    near(sum(gone.weights[0]), 1); // it goes on looking
    assert.ok(found.run.logProbs[0].some((each, n) => Math.abs(each - before.logProbs[0][n]) > 1e-6), name);
    const others = NAMES.filter((each) => each !== name && each.startsWith(`${place} ${layer}`));
    const [, , other] = others[0].split(" ").map(Number);
    assert.ok(headOf(found, place, layer, other, [name]).added[0].some((each) => each !== 0));
  }
});

test("a head's numbers are made of one another, and all heads together make what the layer adds", () => {
  const found = createHeadsStudy(toyTransformer(), 48)(get({ temperature: 2 }));
  for (const place of PLACES) {
    const heads = [1, 2].map((head) => headOf(found, place, 2, head, []));
    for (const { queries, keys, values, scores, weights, mixed } of heads) {
      near(scores[1][0], dot(queries[1], keys[0]) / Math.sqrt(2));
      near(weights[1][0] / weights[1][1], Math.exp((scores[1][0] - scores[1][1]) / 2));
      near(mixed[1][1], sum(weights[1].map((each, s) => each * values[s][1])));
    }
    const look = found.run.looks[place][1];
    heads.forEach(({ mixed }, n) =>
      mixed.forEach((row, t) => row.forEach((each, u) => near(each, look.mixed[t * 4 + n * 2 + u]))));
  }
});

test("what goes on from a head are its own columns of the output layer", () => {
  const specimen = toyTransformer();
  const { task } = createHeadsStudy(specimen, 48)(get());
  const arrays = readSafetensors(specimen.transformers.toy.file);
  const names = { encoder: "encoder.blocks.1.attention", decoder: "decoder.blocks.1.self_attention",
    cross: "decoder.blocks.1.cross_attention" };
  for (const [place, name] of Object.entries(names)) {
    const { values } = arrays[`${name}.output.weight`]; // (4, 4)
    const wanted = [0, 1, 2, 3].flatMap((e) => [values[4 * e + 2], values[4 * e + 3]]);
    assert.deepEqual([...task.network.onward(place, 1, 1)], wanted);
  }
});

test("what the encoder gives and what the logits are made of is normalised", () => {
  const specimen = toyTransformer();
  const { run, task } = createHeadsStudy(specimen, 48)(get());
  const arrays = readSafetensors(specimen.transformers.toy.file);
  const [weight, bias] = ["weight", "bias"].map((each) => arrays[`encoder.norm.${each}`].values);
  const plain = [0, 1, 2, 3].map((e) => (run.memory[4 + e] - bias[e]) / weight[e]);
  near(sum(plain), 0);
  near(dot(plain, plain), 4, 1e-3);
  assert.equal(task.network.layers, 2);
});

test("what is said: the whole, what all heads write, the held-out share, and where it looks", () => {
  const study = createHeadsStudy(toyTransformer(), 48);
  const found = study(get());
  const say = (place, other = null, of = found) => describeHeads(of, other, {
    place, layer: 2, head: 1, t: 1, weights: weightsOf(of, place, 2, 1), names: namesOf(of, place, String),
  }, label).map(([, text]) => text);
  const [whole, right, writes] = say("cross");
  assert.ok(whole.startsWith("whole") && whole.includes(textOf(found)));
  assert.ok(right.includes('"whole":"99.9%"') && right.includes('"share":"62.5%"') && right.includes("place_cross"));
  const first = found.task.target[found.run.written[0]];
  assert.ok(writes.startsWith("writes") && writes.includes(`“\u2068${first}\u2069”`));
  assert.ok(say("encoder")[2].startsWith("looksEncoder") && say("encoder")[2].includes("“\u2068a\u2069”"));
  assert.ok(say("cross", found)[1].startsWith("sameHeads"));
  const written = [0, ...found.run.written.slice(1)];
  const changed = { ...found, run: { ...found.run, written } };
  assert.ok(say("cross", found, changed)[1].startsWith("beforeHeads"));
});

test("the equations of a head hold, and end at a head that is erased", () => {
  const found = createHeadsStudy(toyTransformer(), 48)(get());
  const shown = headOf(found, "decoder", 1, 2, []);
  const [score, weight, mix, added] = headEquations(shown, 1, 2, 0, 1, label).map(([, text]) => text);
  const holes = (text) => JSON.parse(text.slice(text.indexOf("{")));
  assert.equal(holes(score).value, shown.scores[1][0].toFixed(3).replace("-", "−"));
  const [top, terms] = [Number(holes(weight).top), holes(weight).terms.split(" + ").map(Number)];
  assert.equal(terms.length, 2); // what lies ahead does not count
  near(top / sum(terms), shown.weights[1][0], 2e-3);
  assert.equal(holes(mix).terms.split(" + ").length, 2);
  assert.equal(holes(mix).value, shown.mixed[1][1].toFixed(3).replace("-", "−"));
  near(Number(holes(added).size) / Math.hypot(...shown.added[1]), 1, 0.005);
  const gone = headEquations({ ...shown, isErased: true }, 1, 2, 0, 1, label);
  assert.ok(gone[3][1].startsWith("eqHeadErased"));
});

test("a small map is as dark as its weights are large", () => {
  assert.deepEqual([...shaded([[0, 1], [0.5, 0]])].filter((_, n) => n % 4 === 3), [0, 255, 128, 0]);
});
