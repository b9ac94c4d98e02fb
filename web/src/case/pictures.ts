/** Photographs of lesions in this window: small, upright, without what the camera wrote beside them, and nameless. */
import { effect, signal } from "@preact/signals";
import { patient, valueAt, type Case } from "./case.ts";

/** As the server keeps them. */
const LONGEST_SIDE_PX = 1600;
const QUALITY = 0.9;

export interface Picture {
  blob: Blob;
  url: string;
  width: number;
  height: number;
}

/** Name in the case -> picture. They are not kept over a reload: nothing of them is written by the browser. */
export const pictures = signal<Record<string, Picture>>({});

/** Names of the photographs of a case, in its order. */
export function namesOf(given: Case): string[] {
  const lesions = valueAt(given, "lesions");
  const found = (Array.isArray(lesions) ? lesions : []).flatMap((lesion: unknown) => {
    const list = valueAt(lesion, "photographs");
    return Array.isArray(list) ? (list as { file?: unknown }[]) : [];
  });
  return found.map(({ file }) => String(file));
}

/** The photographs of a case that are in this window, by name, to be sent with it. */
export function photographsOf(given: Case): [string, Blob][] {
  return namesOf(given).flatMap((name) => {
    const picture = pictures.value[name];
    return picture ? [[name, picture.blob] as [string, Blob]] : [];
  });
}

/** What is taken out of the case is forgotten at once. */
effect(() => {
  const named = new Set(namesOf(patient.value));
  const gone = Object.entries(pictures.peek()).filter(([name]) => !named.has(name));
  if (gone.length === 0) return;
  for (const [, { url }] of gone) URL.revokeObjectURL(url);
  pictures.value = Object.fromEntries(Object.entries(pictures.peek()).filter(([name]) => named.has(name)));
});

/** A name that says nothing of the file that was chosen. */
export function newName(): string {
  const [number = 0] = crypto.getRandomValues(new Uint32Array(1));
  return `photographs/photo-${number.toString(16).padStart(8, "0")}.jpg`;
}

/** Holds a file that somebody chose under a name of the case. */
export async function hold(name: string, file: Blob): Promise<void> {
  const whole = await createImageBitmap(file, { imageOrientation: "from-image" }).catch(() => null);
  if (whole === null) throw new Error("The photograph cannot be read: choose a JPEG or PNG picture.");
  const scale = Math.min(1, LONGEST_SIDE_PX / Math.max(whole.width, whole.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(whole.width * scale));
  canvas.height = Math.max(1, Math.round(whole.height * scale));
  canvas.getContext("2d")?.drawImage(whole, 0, 0, canvas.width, canvas.height);
  whole.close();
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
  if (blob === null) throw new Error("The photograph cannot be read: choose a JPEG or PNG picture.");
  const { width, height } = canvas;
  pictures.value = { ...pictures.value, [name]: { blob, url: URL.createObjectURL(blob), width, height } };
}
