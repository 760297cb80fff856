import assert from "node:assert/strict";
import { test } from "node:test";
import { Terminal } from "../../../lib/press/live/ui/terminal.js";

const shown = (...parts) => {
  const terminal = new Terminal();
  for (const part of parts) terminal.write(part);
  return terminal.text((count) => `<${count}>`);
};

test("lines come as they are written, in any pieces", () => {
  assert.equal(shown("a", "b\nc", "\n\nd"), "ab\nc\n\nd");
  assert.equal(shown("one\r\ntwo"), "one\ntwo");
});

test("a carriage return starts the line anew and keeps what is not written over", () => {
  assert.equal(shown("\r 10%|█   |", "\r 50%|██  |", "\r100%|████|\n", "done"), "100%|████|\ndone");
  assert.equal(shown("abcdef\rxy"), "xycdef");
});

test("nested bars go up a line, other codes show nothing", () => {
  assert.equal(shown("outer 1\ninner 9\x1b[A\router 2"), "outer 2\ninner 9");
  assert.equal(shown("\x1b[31mred\x1b[0m\x1b[2K", "ab\x08c"), "redac");
});

test("endless output keeps its beginning and its end", () => {
  const terminal = new Terminal();
  for (let line = 0; line < 50_000; line++) terminal.write(`${line}\n`);
  const lines = terminal.text((count) => `<${count}>`).split("\n");
  assert.equal(lines.length, 1001);
  assert.deepEqual([lines[0], lines[199], lines[200], lines.at(-2)], ["0", "199", `<${50_001 - 1000}>`, "49999"]);
  terminal.write("x".repeat(1e6));
  assert.ok(terminal.text(String).split("\n").at(-1).length <= 20_000);
});
