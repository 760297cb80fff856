// What a unit might follow: a number for every step of the text, by the names and definitions of
// `seqbook.models.text_features`, `sum_features` and `date_features`; and how closely a unit keeps to it.

// The text with one UTF-16 unit for every step, so that a place in it is a step.
const plain = (steps) => steps.map(({ label }) => (label.length === 1 ? label : "\uFFFD")).join("");

const flagged = (steps, is) => Float64Array.from(steps, ({ label }) => (is.test(label) ? 1 : 0));

// 1, 2, 3 … along every match of `pattern`'s first group; the last number stays along the rest of the match; else 0.
function runLengths(steps, pattern) {
  const counts = new Float64Array(steps.length);
  for (const { 0: match, 1: run, index } of plain(steps).matchAll(pattern)) {
    for (let n = 0; n < match.length; n += 1) counts[index + n] = Math.min(n + 1, run.length);
  }
  return counts;
}

// 1 from the first character of every match of `pattern` up to, and without, its last.
function inside(steps, pattern) {
  const marks = new Float64Array(steps.length);
  for (const { 0: match, index } of plain(steps).matchAll(pattern)) marks.fill(1, index, index + match.length - 1);
  return marks;
}

// 1 inside round brackets of any depth that have their partner in the same paragraph.
function insideBrackets(steps) {
  const marks = new Float64Array(steps.length);
  let opened = [];
  for (const { 0: found, index } of plain(steps).matchAll(/[()]|\n\n/g)) {
    if (found === "(") opened.push(index);
    else if (found === "\n\n") opened = [];
    else if (opened.length) marks.fill(1, opened.pop(), index);
  }
  return marks;
}

const runningSum = (steps, of) => {
  let sum = 0;
  return Float64Array.from(steps, (step) => (sum += of(step)));
};

// The second number of a date is its month, known from its last digit on: `value(month)` from there on, 0 before.
function sinceMonth(steps, value) {
  const known = new Float64Array(steps.length);
  const [, month] = plain(steps).matchAll(/\d+/g);
  if (month) known.fill(value(Number(month[0])), month.index + month[0].length - 1);
  return known;
}

function numbersBegun(steps) {
  const starts = new Set([...plain(steps).matchAll(/\d+/g)].map(({ index }) => index));
  let begun = 0;
  return Float64Array.from(steps, (_, n) => (begun += starts.has(n) ? 1 : 0));
}

const digit = (steps) => flagged(steps, /^\d$/);

// By what the network answers with: the next character, the sum of the marked numbers, a date's month.
export const FEATURES = {
  next: {
    bracket: insideBrackets,
    quotation: (steps) => inside(steps, /"(?:(?!\n\n)[^"])*"/g),
    emphasis: (steps) => inside(steps, /\*[^\s*](?:(?!\n\n)[^*])*\*/g),
    line: (steps) => runLengths(steps, /([^\n]+)/g),
    indentation: (steps) => runLengths(steps, /^( +)[^\n]*/gm),
    word: (steps) => runLengths(steps, /([A-Za-z]+)/g),
    rule: (steps) => runLengths(steps, /((?<=--)-+|(?<=\*\*)\*+|(?<===)=+)/g).map(Math.sign),
    grammar: (steps) => inside(steps, /::=(?:(?!\n\n)[^])*[^]/g),
    space: (steps) => flagged(steps, /^\s$/),
    capital: (steps) => flagged(steps, /^\p{Lu}$/u),
    digit,
  },
  number: {
    sum: (steps) => runningSum(steps, ({ value, marker }) => value * marker),
    marks: (steps) => runningSum(steps, ({ marker }) => marker),
    number: (steps) => Float64Array.from(steps, ({ value }) => value),
    step: (steps) => Float64Array.from(steps, (_, n) => n + 1),
  },
  classes: {
    "month read": (steps) => sinceMonth(steps, () => 1),
    month: (steps) => sinceMonth(steps, (month) => month),
    numbers: numbersBegun,
    digit,
  },
};

export const isConstant = (values) => values.every((value) => value === values[0]);

// Every unit with the correlation (Pearson's r) of its `quantity` with `feature`, the closest first; r is 0 where one
// of the two never changes. `computed` is a run's steps, as many as `feature` has numbers. A cell state counts as
// tanh c, the way the output gate passes it on.
export function ranking(computed, quantity, feature) {
  const T = computed.length;
  const H = computed[0][quantity].length;
  const shows = quantity === "c" ? Math.tanh : Number;
  const mean = feature.reduce((sum, x) => sum + x, 0) / T;
  const [sums, squares, products] = Array.from({ length: 3 }, () => new Float64Array(H));
  let spread = 0;
  for (let t = 0; t < T; t += 1) {
    const x = feature[t] - mean;
    spread += x * x;
    for (let unit = 0; unit < H; unit += 1) {
      const y = shows(computed[t][quantity][unit]);
      sums[unit] += y;
      squares[unit] += y * y;
      products[unit] += x * y;
    }
  }
  const units = Array.from({ length: H }, (_, unit) => {
    const variance = squares[unit] - (sums[unit] * sums[unit]) / T;
    return { unit, r: spread > 1e-12 && variance > 1e-12 ? products[unit] / Math.sqrt(spread * variance) : 0 };
  });
  return units.sort((a, b) => Math.abs(b.r) - Math.abs(a.r) || a.unit - b.unit);
}
