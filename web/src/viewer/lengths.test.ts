import assert from "node:assert/strict";
import { test } from "node:test";
import { lengthBetween, scaleBar, writeLength } from "./lengths.ts";

test("a length follows the spacing of rows and of columns", () => {
  // 30 rows of 0.1 mm are 3 mm, 20 columns of 0.2 mm are 4 mm: the hypotenuse is 5 mm
  assert.deepEqual(lengthBetween([0, 0], [30, 20], [0.1, 0.2]), { value: 5, unit: "mm" });
});

test("without a spacing a length is in pixels, never in mm", () => {
  assert.equal(writeLength(lengthBetween([0, 0], [3, 4], null)), "5 px");
});

test("the scale bar is round and as long as it says", () => {
  // 0.2 mm a pixel, 2 px of the screen for each: 500 px wide -> at most 100 px = 10 mm
  const bar = scaleBar({ spacing_mm: [0.2, 0.2] } as never, 2, 500);
  assert.deepEqual(bar, { length: 100, label: "10 mm" });
});
