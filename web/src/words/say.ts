/** What the page says, in the language that the reader chose; switched in place. */
import { computed, signal } from "@preact/signals";
import { fill, type Packed, type Phrase, type Value } from "./message.ts";

export type Language = "en" | "zh-Hant";

/** Language -> its own name, as the switch shows it. */
export const LANGUAGES: Record<Language, string> = { en: "English", "zh-Hant": "繁體中文" };

const KEY = "calcinet.language";
const catalogue = signal<Record<string, string>>({});

/** The language now. */
export const language = signal<Language>("en");

/** Gives a message in the language of the reader; English where it has no other. */
export const phrase = computed<Phrase>(() => {
  const messages = catalogue.value;
  return (message) => messages[message] ?? message;
});

/** Says a message in the reader's language. */
export function say(message: string, values: Record<string, Value> = {}): string {
  return fill(message, values, phrase.value);
}

/** Says a sentence of a record again; the record keeps the message and the values of each. */
export function retell(text: string, messages: Record<string, Packed> | undefined): string {
  const packed = messages?.[text];
  return packed ? fill(packed.message, packed.values, phrase.value) : phrase.value(text);
}

/** Changes the language of everything that is on the page. */
export async function speak(chosen: Language): Promise<void> {
  if (chosen === "en") {
    catalogue.value = {};
  } else {
    const [report, page] = await Promise.all([import("virtual:phrases"), import("./zh_hant.ts")]);
    catalogue.value = { ...report.default, ...page.default };
  }
  language.value = chosen;
  document.documentElement.lang = chosen;
  localStorage.setItem(KEY, chosen);
}

/** The language of the last visit, else the browser's. */
export function firstLanguage(): Language {
  const kept = localStorage.getItem(KEY);
  if (kept === "en" || kept === "zh-Hant") return kept;
  return /^zh(-Hant|-HK|-TW|-MO)?$/i.test(navigator.language) ? "zh-Hant" : "en";
}
