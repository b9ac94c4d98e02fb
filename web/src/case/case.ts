/** The case that is being written: one plain object, as in the case file; what is empty is not in it. */
import { computed, effect, signal } from "@preact/signals";

export type Case = Record<string, unknown>;

const KEY = "calcinet.case";
const SCHEMA = "calcinet.case/1";

/** Free text, in which "yes" and "no" are words. */
const FREE = new Set(["name", "value", "cause", "reason", "dose", "drug", "clinician_impression", "unit", "caption"]);

function kept(): Case {
  try {
    return JSON.parse(sessionStorage.getItem(KEY) ?? "{}") as Case;
  } catch {
    return {};
  }
}

/** The case now; it outlives a reload, and is gone when the window is closed. */
export const patient = signal<Case>(kept());

effect(() => sessionStorage.setItem(KEY, JSON.stringify(patient.value)));

/** The case as it is sent and saved: without entries that nobody has filled in. */
export const givenCase = computed<Case>(() => ({ schema: SCHEMA, ...(withoutEmpty(patient.value) as Case) }));

export const caseIsEmpty = computed(() => Object.keys(givenCase.value).length === 1);

/** The value at a place: "kidney.dialysis.0.kind". */
export function valueAt(tree: unknown, at: string): unknown {
  let here = tree;
  for (const part of at.split(".")) {
    if (here === null || typeof here !== "object") return undefined;
    here = (here as Record<string, unknown>)[part];
  }
  return here;
}

/** The tree with another value at a place; undefined takes it away. Nothing else is changed. */
export function withValue(tree: unknown, at: string, value: unknown): unknown {
  const [part = "", ...rest] = at.split(".");
  const isList = Array.isArray(tree) || (tree === undefined && /^\d+$/.test(part));
  const copy: Record<string, unknown> | unknown[] = isList
    ? [...((tree as unknown[] | undefined) ?? [])]
    : { ...(tree as object | undefined) };
  const inner = (copy as Record<string, unknown>)[part];
  const next = rest.length > 0 ? withValue(inner, rest.join("."), value) : value;
  if (next !== undefined) (copy as Record<string, unknown>)[part] = next;
  else if (Array.isArray(copy)) copy.splice(Number(part), 1);
  else delete copy[part];
  return copy;
}

/** Writes a value into the case. */
export function write(at: string, value: unknown): void {
  patient.value = withValue(patient.value, at, value) as Case;
}

/** Leaves out null, empty text, and objects and list entries that say nothing; a list that somebody emptied stays []. */
export function withoutEmpty(tree: unknown): unknown {
  if (Array.isArray(tree)) {
    const whole = tree.map(withoutEmpty).filter((item) => item !== undefined);
    return tree.length > 0 && whole.length === 0 ? undefined : whole;
  }
  if (tree === null || tree === "" || tree === undefined) return undefined;
  if (typeof tree !== "object") return tree;
  const entries = Object.entries(tree)
    .map(([key, value]) => [key, withoutEmpty(value)] as const)
    .filter(([, value]) => value !== undefined);
  if (entries.length === 0) return undefined;
  const whole = Object.fromEntries(entries);
  return "name" in tree && !("name" in whole) ? undefined : whole;
}

/** YAML of the case, for the disk and for the server. */
export async function caseText(): Promise<string> {
  const { Document, isScalar, visit } = await import("yaml");
  const written = new Document(givenCase.value, { version: "1.1" });
  visit(written, {
    Seq(_, list) {
      list.flow = list.items.length > 0 && list.items.every((item) => isScalar(item) && typeof item.value === "number");
    },
  });
  return written.toString({ lineWidth: 0 });
}

/** Takes the place of the case what a file says; JSON is YAML. */
export async function readCaseText(text: string): Promise<void> {
  const { parse } = await import("yaml");
  const read: unknown = parse(text, { schema: "core" });
  if (read === null || typeof read !== "object" || Array.isArray(read)) {
    throw new Error("This file is no case file: expected YAML with fields such as patient, lesions, labs.");
  }
  const { schema, ...rest } = read as Case;
  if (schema !== undefined && schema !== SCHEMA) {
    throw new Error("This file is no case file of a kind that this page knows.");
  }
  patient.value = withTruth(rest) as Case;
}

/** "yes" and "no" of a case file as true and false, but for free text. */
function withTruth(tree: unknown, key = ""): unknown {
  if (Array.isArray(tree)) return tree.map((item) => withTruth(item));
  if (tree !== null && typeof tree === "object") {
    return Object.fromEntries(Object.entries(tree).map(([name, value]) => [name, withTruth(value, name)]));
  }
  if (FREE.has(key) || typeof tree !== "string") return tree;
  if (/^yes$/i.test(tree)) return true;
  return /^no$/i.test(tree) ? false : tree;
}
