import assert from "node:assert/strict";
import { test } from "node:test";
import { fill, writeNumber } from "./message.ts";

const english = (text: string): string => text;

test("numbers are written as Python writes them", () => {
  // worked out with Python's format()
  assert.equal(writeNumber(0.684232, ".2g"), "0.68");
  assert.equal(writeNumber(1430.2, ",.0f"), "1,430");
  assert.equal(writeNumber(0.00001234, ".3g"), "1.23e-05");
  assert.equal(writeNumber(1234567, ".3g"), "1.23e+06");
  assert.equal(writeNumber(4, "g"), "4");
  assert.equal(writeNumber(0.3, ""), "0.3");
  assert.equal(writeNumber(0.25, ".0%"), "25%");
});

test("a message is said in another language, values and lists too", () => {
  const phrase = (text: string): string =>
    ({ "{where:^}: {kinds:, }": "{where}：{kinds:, }", leg: "腿", ulcer: "潰瘍", ", ": "、" })[text] ?? text;
  const values = { where: "leg", kinds: ["ulcer", { message: "{n} plaques", values: { n: 2 } }] };

  assert.equal(fill("{where:^}: {kinds:, }", values, english), "Leg: ulcer, 2 plaques");
  assert.equal(fill("{where:^}: {kinds:, }", values, phrase), "腿：潰瘍、2 plaques");
});

test("a brace that is doubled is a brace, and a place without a value stays", () => {
  assert.equal(fill("{{x}} {gone}", {}, english), "{x} {gone}");
});
