/** The keys of the viewer, as radiologists know them. */
import type { Pen } from "./pen.ts";

export interface Keys {
  [key: string]: { does: string; run: () => void };
}

const TYPED_IN = "input, textarea, select, [contenteditable]";
const PRESSED = "button, a, summary";

/** Runs what a key stands for, unless somebody types: for the pen where there is one, else for the film. What holds
 * is asked at each key, so that none comes too early. Returns what takes it back. */
export function listen(keys: () => Keys, pen: () => Pen | null): () => void {
  const pressed = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const at = event.target as Element;
    if (at.closest(TYPED_IN)) return;
    const drawing = pen();
    if (drawing) {
      if (event.key !== "Escape" && at.closest(PRESSED)) return;
      if (drawing.press(event)) event.preventDefault();
      return;
    }
    const key = keys()[event.key] ?? keys()[event.key.toLowerCase()];
    if (!key) return;
    if (event.key.startsWith("Arrow") && at.closest("[role=tablist], [role=radiogroup], .scroll")) return;
    event.preventDefault();
    key.run();
  };
  addEventListener("keydown", pressed);
  return () => removeEventListener("keydown", pressed);
}
