import assert from "node:assert/strict";
import { test } from "node:test";
import { readPasted } from "./pasted.ts";

test("a printed list is read line by line", () => {
  const { results, rest } = readPasted(
    "Calcium (adj)\t2.67 mmol/L\t2.10 - 2.60\tH\nPTH 64 pml/L\nCRP: <5 mg/L (0-5)\nANCA   negative\nWBC 22.4 x10^9/L H\n----\n",
  );

  assert.deepEqual(results, [
    { name: "Calcium (adj)", value: "2.67 mmol/L", low: 2.1, high: 2.6, flag: "H" },
    { name: "PTH", value: "64 pml/L" },
    { name: "CRP", value: "<5 mg/L", low: 0, high: 5 },
    { name: "ANCA", value: "negative" },
    { name: "WBC", value: "22.4 x10^9/L", flag: "H" },
  ]);
  assert.deepEqual(rest, ["----"]);
});

test("a unit that cannot be right is not mended here", () => {
  assert.equal(readPasted("PTH 64 pml/L").results[0]?.value, "64 pml/L");
});

test("a name with a digit is a name", () => {
  assert.deepEqual(readPasted("25-OH vitamin D 38 nmol/L").results, [{ name: "25-OH vitamin D", value: "38 nmol/L" }]);
});

test("units that begin like a flag stay units", () => {
  assert.deepEqual(readPasted("ESR 71 mm/h").results, [{ name: "ESR", value: "71 mm/h" }]);
  assert.deepEqual(readPasted("Hb 11.4 g/dL L 12-16").results, [
    { name: "Hb", value: "11.4 g/dL", low: 12, high: 16, flag: "L" },
  ]);
});
