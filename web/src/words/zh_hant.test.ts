import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import own from "./zh_hant.ts";

const SOURCE = new URL("../", import.meta.url);
const CATALOGUE = new URL("../../../src/calcinet/report/locale/zh_Hant.po", import.meta.url);
const TEXT = /\b(?:say\(|(?:label|note|does|title|text|one): )\s*"((?:[^"\\]|\\.)+)"/g;

/** What is the same in every language. */
const ALIKE = /^[\W\d]*$|^\{\w+:[^}]*\}$/;

test("every text of the page is said in Traditional Chinese, with the same places", () => {
  const report = readFileSync(CATALOGUE, "utf-8");
  const files = readdirSync(SOURCE, { recursive: true, encoding: "utf-8" }).filter(
    (name) => /\.tsx?$/.test(name) && !name.includes(".test."),
  );
  const missing = new Set<string>();
  for (const name of files) {
    for (const [, text = ""] of readFileSync(new URL(name, SOURCE), "utf-8").matchAll(TEXT)) {
      if (!ALIKE.test(text) && !(text in own) && !report.includes(`msgid "${text}"`)) missing.add(text);
    }
  }
  assert.ok(files.length > 20);
  assert.deepEqual([...missing], []);
});

test("a translation has the places of its message", () => {
  for (const [english, told] of Object.entries(own)) {
    if (english.startsWith("{date}")) continue; // one language names the month, the other numbers it
    const places = (text: string): string[] => [...text.matchAll(/\{(\w+)/g)].map(([, name]) => name ?? "").sort();
    assert.deepEqual(places(told), places(english), english);
  }
});
