/** The keys of the viewer, as radiologists know them. */

export interface Keys {
  [key: string]: { does: string; run: () => void };
}

const TYPED_IN = "input, textarea, select, [contenteditable]";

/** Runs what a key stands for, unless somebody types; returns what takes it back. */
export function listen(keys: Keys): () => void {
  const pressed = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if ((event.target as Element).closest(TYPED_IN)) return;
    const key = keys[event.key] ?? keys[event.key.toLowerCase()];
    if (!key) return;
    if (event.key.startsWith("Arrow") && (event.target as Element).closest("[role=tablist], [role=radiogroup], .scroll")) return;
    event.preventDefault();
    key.run();
  };
  addEventListener("keydown", pressed);
  return () => removeEventListener("keydown", pressed);
}
