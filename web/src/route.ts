/** Where the reader is: the part of the address behind "#". */
import { signal } from "@preact/signals";

/** The parts of the place: ["studies", "12"]. */
export const place = signal<string[]>(read());

function read(): string[] {
  return location.hash.replace(/^#\/?/, "").split("/").filter(Boolean).map(decodeURIComponent);
}

addEventListener("hashchange", () => {
  place.value = read();
  scrollTo(0, 0);
});

/** The address of a place. */
export function link(...parts: string[]): string {
  return `#/${parts.map(encodeURIComponent).join("/")}`;
}

/** Goes to a place. */
export function go(...parts: string[]): void {
  location.hash = link(...parts);
}
