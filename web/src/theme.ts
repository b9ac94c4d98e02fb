/** Light, dark, or the reading room: near black, so that eyes stay with the film. */
import { signal } from "@preact/signals";

export const THEMES = ["system", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

const KEY = "calcinet.theme";

function kept(): Theme {
  const name = localStorage.getItem(KEY);
  return THEMES.find((theme) => theme === name) ?? "system";
}

export const theme = signal<Theme>(kept());

export function wear(chosen: Theme): void {
  theme.value = chosen;
  localStorage.setItem(KEY, chosen);
  document.documentElement.dataset["theme"] = chosen;
}
