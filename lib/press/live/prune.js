// node prune.js IN OUT: replaces in the wheel's WebAssembly module the functions of libraries that the book never
// reaches (pandas, SciPy, scikit-learn, statsmodels, lxml, SQLite, most of LAPACK) by traps, which compress to nothing.
//
// Functions stand in the order in which the libraries were linked, so a library is a range of them. In RANGES the first
// and the last function of each are checked by name; of what lies inside, whatever is called from outside, directly or
// through others, stays, and so do C++ functions whose address kept code takes.
//
// For a new wheel: `node prune.js --names IN` prints every function's number, size and name. Take the ranges from there,
// then run `make live`: a function that was needed ends Python with "unreachable".

import fs from "node:fs";

const RANGES = [
  [5550, "pysqlite_close_all_blobs", 5703, "set_error_from_db"],
  [16127, "PyInit__cyutility", 24916, "_font_text_asBytes"],
  [29062, "match_many_CHARACTER_IGN_REV",
    67906, "agg::curve3_div::init(double, double, double, double, double, double)"],
  [74589, "fitpack::_deBoor_D(double const*, double, int, int, int, double*)", 84496, "xsltCheckRead"],
  [86016, "sqlite3_log", 87964, "statBestIndex"],
];
const LINEAR_ALGEBRA = [68793, 71640];    // of OpenBLAS: here Fortran's names are cut, "dgesv_"
const FORTRAN = /^([a-z0-9]+_|(cblas|LAPACKE)_.*)$/;
// Functions behind pointers: those of C++'s own library and of pybind11, which Matplotlib's parts share with others'.
const SHARED = /std::|pybind11|__cxa|operator/;
const NOT_SHARED = /Highs|HighsLp|fast_matrix|ducc0|sklearn|scipy|csr_|bsr_|boost|xsf/;
const TRAP = Buffer.from([3, 0, 0, 0x0b]), NOTHING = Buffer.from([4, 0, 0x41, 0, 0x0b]);    // a size, then the body

class Reader {
  constructor(bytes, place, end) { Object.assign(this, { bytes, place, end }); }
  byte() { return this.bytes[this.place++]; }
  unsigned() {
    let value = 0, scale = 1, byte;
    do { byte = this.byte(); value += (byte & 127) * scale; scale *= 128; } while (byte & 128);
    return value;
  }
  signed32() {
    let value = 0, shift = 0, byte;
    do { byte = this.byte(); value |= (byte & 127) << shift; shift += 7; } while (byte & 128);
    return shift < 32 && byte & 64 ? value | (-1 << shift) : value;
  }
  number() { while (this.byte() & 128); }
  text() { const size = this.unsigned(); return this.bytes.toString("utf8", this.place, this.place += size); }
  skip(count) { this.place += count; }
}

function sectionsOf(bytes) {
  const reader = new Reader(bytes, 8), found = [];
  while (reader.place < bytes.length) {
    const start = reader.place, kind = reader.byte(), size = reader.unsigned();
    found.push({ kind, start, place: reader.place, end: reader.place + size });
    reader.skip(size);
  }
  return found;
}

/** What a function's body calls, and the numbers it loads. */
function mentions(reader, end) {
  const calls = [], numbers = [];
  for (let groups = reader.unsigned(); groups > 0; groups--) { reader.unsigned(); reader.byte(); }
  while (reader.place < end) {
    const code = reader.byte();
    if (code === 0x10 || code === 0x12 || code === 0xd2) calls.push(reader.unsigned());
    else if (code === 0x41) numbers.push(reader.signed32() >>> 0);
    else if (code === 0x43) reader.skip(4);
    else if (code === 0x44) reader.skip(8);
    else if (code >= 0x28 && code <= 0x3e) { if (reader.unsigned() & 64) reader.unsigned(); reader.unsigned(); }
    else if ([2, 3, 4, 6, 0x42, 0xd0].includes(code)) reader.number();
    else if (code === 0x1f) {    // try_table
      reader.number();
      for (let count = reader.unsigned(); count > 0; count--) {
        if (reader.byte() < 2) reader.unsigned();
        reader.unsigned();
      }
    } else if ([7, 8, 9, 0x0c, 0x0d, 0x18].includes(code) || (code >= 0x20 && code <= 0x26)) reader.unsigned();
    else if (code === 0x3f || code === 0x40) reader.byte();
    else if (code === 0x0e) for (let count = reader.unsigned() + 1; count > 0; count--) reader.unsigned();
    else if (code === 0x11 || code === 0x13) { reader.unsigned(); reader.unsigned(); }
    else if (code === 0x1c) reader.skip(reader.unsigned());
    else if (code === 0xfc) {
      const more = reader.unsigned();
      if ([8, 10, 12, 14].includes(more)) { reader.unsigned(); reader.unsigned(); }
      else if (more > 8 && more <= 17) reader.unsigned();
    } else if (code === 0xfd) vector(reader, reader.unsigned());
    else if (code === 0xfe) {
      if (reader.unsigned() === 3) reader.byte();
      else { reader.unsigned(); reader.unsigned(); }
    }
  }
  if (reader.place !== end) throw new Error("a function's code could not be read");
  return { calls, numbers };
}

function vector(reader, code) {
  if (code <= 11 || code === 92 || code === 93) { reader.unsigned(); reader.unsigned(); }
  else if (code === 12 || code === 13) reader.skip(16);
  else if (code >= 21 && code <= 34) reader.skip(1);
  else if (code >= 84 && code <= 91) { reader.unsigned(); reader.unsigned(); reader.skip(1); }
}

function leb128(value) {
  const bytes = [];
  do { bytes.push((value & 127) | (value > 127 ? 128 : 0)); value = Math.floor(value / 128); } while (value);
  return Buffer.from(bytes);
}

function parse(bytes) {
  const sections = sectionsOf(bytes);
  const reader = (kind) => {
    const { place, end } = sections.find((section) => section.kind === kind);
    return new Reader(bytes, place, end);
  };
  let imported = 0;
  const imports = reader(2);
  for (let count = imports.unsigned(); count > 0; count--) {
    imports.text(); imports.text();
    if (imports.byte() !== 0) throw new Error("wanted functions as the only imports");
    imports.unsigned();
    imported += 1;
  }
  const names = [];
  for (const { kind, place, end } of sections) {
    const custom = new Reader(bytes, place, end);
    if (kind !== 0 || custom.text() !== "name") continue;
    while (custom.place < end) {
      const part = custom.byte(), after = custom.unsigned() + custom.place;
      for (let count = part === 1 ? custom.unsigned() : 0; count > 0; count--) {
        names[custom.unsigned() - imported] = custom.text();
      }
      custom.place = after;
    }
  }
  const code = reader(10), bodies = [];
  for (let count = code.unsigned(); count > 0; count--) {
    const start = code.place, size = code.unsigned();
    bodies.push({ start, place: code.place, end: code.place + size });
    code.skip(size);
  }
  const elements = reader(9), table = [];
  const head = [elements.unsigned(), elements.unsigned(), elements.byte()];
  if (`${head}` !== `${[1, 0, 0x41]}`) throw new Error("wanted one table");
  const offset = elements.signed32();
  elements.byte();
  for (let count = elements.unsigned(), place = 0; place < count; place++) table[offset + place] = elements.unsigned();
  const exported = [], exports = reader(7);
  for (let count = exports.unsigned(); count > 0; count--) {
    exports.text();
    const kind = exports.byte(), index = exports.unsigned();
    if (kind === 0) exported.push(index);
  }
  return { sections, imported, names, bodies, table, exported };
}

/** For every function whether it stays. */
function kept(bytes, { imported, names, bodies, table, exported }) {
  const cut = new Uint8Array(bodies.length);
  for (const [first, firstName, last, lastName] of RANGES) {
    for (const [number, name] of [[first, firstName], [last, lastName]]) {
      if (names[number] !== name) throw new Error(`function ${number} is ${names[number]}, wanted ${name}: see RANGES`);
    }
    cut.fill(1, first, last + 1);
  }
  for (let number = LINEAR_ALGEBRA[0]; number < LINEAR_ALGEBRA[1]; number++) {
    if (FORTRAN.test(names[number])) cut[number] = 1;
  }
  const stays = new Uint8Array(bodies.length), waiting = [];
  const keep = (index) => {
    const number = index - imported;
    if (number >= 0 && !stays[number]) {
      stays[number] = 1;
      waiting.push(number);
    }
  };
  for (let number = 0; number < bodies.length; number++) if (!cut[number]) keep(number + imported);
  exported.forEach(keep);
  while (waiting.length) {
    const { place, end } = bodies[waiting.pop()];
    const { calls, numbers } = mentions(new Reader(bytes, place, end), end);
    calls.forEach(keep);
    for (const number of numbers) {
      const target = table[number];
      if (target === undefined) continue;
      const name = names[target - imported] ?? "";
      if (!cut[target - imported] || (SHARED.test(name) && !NOT_SHARED.test(name))) keep(target);
    }
  }
  return stays;
}

function pruned(bytes, module) {
  const stays = kept(bytes, module), parts = [bytes.subarray(0, 8)];
  for (const { kind, start, end } of module.sections) {
    if (kind !== 10) {
      parts.push(bytes.subarray(start, end));
      continue;
    }
    const code = Buffer.concat([leb128(module.bodies.length), ...module.bodies.map((body, number) => {
      if (stays[number]) return bytes.subarray(body.start, body.end);
      return /^PyInit_|BootstrapPyInit/.test(module.names[number]) ? NOTHING : TRAP;
    })]);
    parts.push(Buffer.from([10]), leb128(code.length), code);
  }
  return Buffer.concat(parts);
}

const [option, ...files] = process.argv.slice(2);
if (option === "--names") {
  const { names, bodies } = parse(fs.readFileSync(files[0]));
  names.forEach((name, number) => console.log(number, bodies[number].end - bodies[number].place, name));
} else {
  const bytes = fs.readFileSync(option);
  fs.writeFileSync(files[0], pruned(bytes, parse(bytes)));
}
