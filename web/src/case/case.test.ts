import assert from "node:assert/strict";
import { test } from "node:test";

// the browser's own store, which Node does not have
Object.assign(globalThis, { sessionStorage: { getItem: () => null, setItem: () => undefined } });
const { patient, givenCase, readCaseText, caseText, valueAt, withValue, withoutEmpty } = await import("./case.ts");

test("a value is written where it belongs, and what is not touched stays the same object", () => {
  const tree = { patient: { sex: "female" }, labs: [{ name: "PTH" }] };
  const changed = withValue(tree, "kidney.dialysis.0.kind", "peritoneal") as typeof tree;

  assert.deepEqual(valueAt(changed, "kidney.dialysis"), [{ kind: "peritoneal" }]);
  assert.equal(changed.labs, tree.labs);
});

test("what is not stated is left out, and an emptied list stays", () => {
  const tree = { patient: { age_years: null }, drugs: [], labs: [{ name: "", value: "" }], lesions: [{ painful: false }] };

  assert.deepEqual(withoutEmpty(tree), { drugs: [], lesions: [{ painful: false }] });
});

test("a case file is read, and written again as the same case", async () => {
  await readCaseText("schema: calcinet.case/1\nkidney: {stage: 5D}\nlesions:\n  - {site: leg, kind: ulcer, painful: yes}\n");
  const first = givenCase.value;
  await readCaseText(await caseText());

  assert.deepEqual(patient.value, { kidney: { stage: "5D" }, lesions: [{ site: "leg", kind: "ulcer", painful: true }] });
  assert.deepEqual(givenCase.value, first);
});

test("a file that is no case is refused and the case stays", async () => {
  patient.value = { drugs: [] };
  await assert.rejects(readCaseText("just words"), /no case file/);
  await assert.rejects(readCaseText("schema: calcinet.record/1"), /no case file/);

  assert.deepEqual(patient.value, { drugs: [] });
});
