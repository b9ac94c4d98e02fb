/** The case of a study in the form: taken out of it, changed, and put back. */
import { effect, signal } from "@preact/signals";
import { api, Refused } from "../api.ts";
import { caseIsEmpty, givenCase, patient, readCaseText } from "./case.ts";
import { hold, namesOf, pictures } from "./pictures.ts";

const KEY = "calcinet.case.study";

/** Study that the case in the form belongs to; empty where it is of none. It outlives a reload, as the case does. */
export const study = signal(sessionStorage.getItem(KEY) ?? "");

effect(() => sessionStorage.setItem(KEY, study.value));

/** Names of photographs in this window that the study has sent: they are not sent back, which would make them worse. */
const kept = new Set<string>();

/** Whether the form holds the case of this study, changed or not. */
export function holds(id: string): boolean {
  return study.value === id;
}

/** Whether opening the case of another study would lose what the form holds. */
export function losesAnother(): boolean {
  return !caseIsEmpty.value;
}

/** Puts the case of a study into the form, an empty one where it has none, and its photographs into this window. */
export async function open(id: string): Promise<void> {
  const text = await api.caseOf(id).catch((fault: unknown) => {
    if (fault instanceof Refused && fault.status === NO_CASE) return "{}";
    throw fault;
  });
  await readCaseText(text);
  study.value = id;
  await fetchPhotographs();
}

const NO_CASE = 404;

/** Photographs that the study keeps and this window has not. */
export async function fetchPhotographs(): Promise<void> {
  const missing = namesOf(patient.value).filter((name) => !pictures.value[name]);
  for (const name of missing) {
    const sent = await api.photograph(study.value, name).catch(() => null);
    if (!sent) continue;
    await hold(name, sent);
    kept.add(name);
  }
}

/** Gives the study what the form says; what follows from it is worked out again. Gives its number. */
export async function putBack(): Promise<string> {
  const id = study.value;
  for (const name of namesOf(givenCase.value)) {
    const picture = pictures.value[name];
    if (picture && !kept.has(name)) await api.putPhotograph(id, name, picture.blob);
  }
  await api.putCase(id, givenCase.value);
  leave();
  return id;
}

/** Empties the form; the study stays as it is. */
export function leave(): void {
  kept.clear();
  study.value = "";
  patient.value = {};
}
