/** The case of a study in the form: taken out of it, changed, and put back. */
import { effect, signal } from "@preact/signals";
import { api, Refused } from "../api.ts";
import { caseIsEmpty, givenCase, patient, readCaseText } from "./case.ts";
import { hold, namesOf, pictures } from "./pictures.ts";

const KEY = "calcinet.case.study";

/** Study that the case in the form belongs to; empty where it is of none. It outlives a reload, as the case does. */
export const study = signal(sessionStorage.getItem(KEY) ?? "");

effect(() => sessionStorage.setItem(KEY, study.value));

/** Whether opening the case of a study would lose another one. */
export function losesAnother(id: string): boolean {
  return !caseIsEmpty.value && study.value !== id;
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
    const kept = await api.photograph(study.value, name).catch(() => null);
    if (kept) await hold(name, kept);
  }
}

/** Gives the study what the form says; what follows from it is worked out again. Gives its number. */
export async function putBack(): Promise<string> {
  const id = study.value;
  for (const name of namesOf(givenCase.value)) {
    const picture = pictures.value[name];
    if (picture) await api.putPhotograph(id, name, picture.blob);
  }
  await api.putCase(id, givenCase.value);
  leave();
  return id;
}

/** Empties the form; the study stays as it is. */
export function leave(): void {
  study.value = "";
  patient.value = {};
}
