/** The answer to the case as it is written: asked anew a moment after each change, the older question is dropped. */
import { effect, signal } from "@preact/signals";
import { Refused, api, session } from "../api.ts";
import type { RecordJson } from "../record.ts";
import { caseIsEmpty, givenCase } from "./case.ts";

/** Our choice: shorter than the time between two words, longer than between two letters. */
const PAUSE_MS = 120;

const KEY = "calcinet.prior";

export interface Answer {
  record: RecordJson | null;
  /** What is malformed in the case. */
  faults: { field: string; text: string }[];
  fault: string | null;
  /** How long the last answer took. */
  took_ms: number | null;
}

const NOTHING: Answer = { record: null, faults: [], fault: null, took_ms: null };

export const answer = signal<Answer>(NOTHING);

/** Pre-test probability that the reader has set; null: none. */
export const prior = signal<number | null>(Number(sessionStorage.getItem(KEY)) || null);

let timer: ReturnType<typeof setTimeout> | undefined;
let asking: AbortController | undefined;

/** Asks whenever the case or the pre-test probability changes; called once. */
export function followCase(): () => void {
  return effect(() => {
    const given = givenCase.value;
    const chance = prior.value;
    if (chance === null) sessionStorage.removeItem(KEY);
    else sessionStorage.setItem(KEY, String(chance));
    clearTimeout(timer);
    asking?.abort();
    if (session.value === null || caseIsEmpty.value) {
      answer.value = NOTHING;
      return;
    }
    timer = setTimeout(() => void ask(given, chance), PAUSE_MS);
  });
}

async function ask(given: object, chance: number | null): Promise<void> {
  asking = new AbortController();
  const { signal: dropped } = asking;
  const began = performance.now();
  try {
    const record = await api.assess(given, chance, dropped);
    answer.value = { record, faults: [], fault: null, took_ms: performance.now() - began };
  } catch (problem) {
    if (dropped.aborted) return;
    const faults = problem instanceof Refused ? problem.places : [];
    const fault = problem instanceof Error ? problem.message : String(problem);
    answer.value = { ...answer.value, faults, fault };
  }
}
