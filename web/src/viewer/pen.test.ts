import assert from "node:assert/strict";
import { test } from "node:test";
import { Pen, type Paper } from "./pen.ts";

/** Two pixels of the screen for each of the image, whose corner lies at (10, 20) of the element. */
const paper: Paper = {
  place: ([row, column]) => [10 + 2 * column, 20 + 2 * row],
  point: (x, y) => [(y - 20) / 2, (x - 10) / 2],
};

test("keys pressed at once, with nothing rendered between them, draw what they say", () => {
  // The middle (110, 120) is row 50, column 50; an arrow is 12 px of the screen, 6 of the image, with Shift a half.
  let drawn: unknown;
  const plan = { title: "", closed: true, least: 3, most: 9 };
  const pen = new Pen(paper, plan, [110, 120], (points) => (drawn = points), () => undefined);
  const keys = [" ", "ArrowRight", " ", "ArrowDown", " ", "Backspace", " ", "Enter"];
  for (const key of keys) assert.equal(pen.press({ key, shiftKey: false }), true);
  pen.press({ key: "ArrowLeft", shiftKey: true });

  assert.deepEqual(drawn, [
    [50, 50],
    [50, 56],
    [56, 56],
  ]);
  assert.deepEqual(pen.cross.value, [56, 55.5]);
});

test("too few points end nothing, the most end by themselves", () => {
  let drawn: unknown[] = [];
  const plan = { title: "", closed: false, least: 2, most: 2 };
  const pen = new Pen(paper, plan, [10, 20], (points) => (drawn = points), () => undefined);
  pen.press({ key: " ", shiftKey: false });
  pen.press({ key: "Enter", shiftKey: false });
  assert.equal(drawn.length, 0);
  pen.press({ key: " ", shiftKey: false });

  assert.equal(drawn.length, 2);
  assert.equal(pen.press({ key: "w", shiftKey: false }), false);
});
