import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import * as form from "./fields.ts";
import type { Field, List } from "./fields.ts";

interface Schema {
  $ref?: string;
  $defs?: Record<string, Schema>;
  properties?: Record<string, Schema>;
  items?: Schema;
  anyOf?: Schema[];
  enum?: unknown[];
}

const whole = JSON.parse(readFileSync(new URL("../../../docs/case.schema.json", import.meta.url), "utf-8")) as Schema;

/** The parts of the schema that a place may be, references followed. */
function partsOf(schema: Schema | undefined): Schema[] {
  if (!schema) return [];
  if (schema.$ref) return partsOf(whole.$defs?.[schema.$ref.split("/").at(-1) ?? ""]);
  return schema.anyOf ? schema.anyOf.flatMap(partsOf) : [schema];
}

function at(from: Schema[], place: string): Schema[] {
  let here = from;
  for (const part of place.split(".")) {
    here = here.flatMap((schema) => partsOf(/^\d+$/.test(part) ? schema.items : schema.properties?.[part]));
  }
  return here;
}

function check(field: Field, from: Schema[]): void {
  const found = at(from, field.at);
  assert.ok(found.length > 0, `${field.at} is no place of a case file`);
  const words = found.flatMap((schema) => [...(schema.enum ?? []), ...partsOf(schema.items).flatMap((item) => item.enum ?? [])]);
  for (const word of field.choices ?? []) assert.ok(words.includes(word), `${field.at} cannot be ${word}`);
}

test("every field of the form is a place of the case file, and every choice one of its words", () => {
  for (const field of [...form.FIRST, ...form.PATIENT, ...form.EXAMINATION, ...form.COURSE]) check(field, [whole]);
  const lists: [List, readonly Field[]][] = [
    [form.LESION, form.LESION_MORE],
    [form.DRUG, form.DRUG_MORE],
    [form.RESULT, form.RESULT_MORE],
    [form.IMAGING, form.IMAGING_MORE],
    ...form.REST.map((list): [List, readonly Field[]] => [list, []]),
  ];
  for (const [list, more] of lists) {
    const entry = at([whole], `${list.at}.0`);
    for (const field of [...list.fields, ...more]) check(field, entry);
  }
  check({ at: "exclusions.0.name", label: "", kind: "choice", choices: form.MIMICS }, [whole]);
});
