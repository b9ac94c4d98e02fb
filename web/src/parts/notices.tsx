/** Sentences that come up: what went wrong, what was done. */
import { signal } from "@preact/signals";
import { say } from "../words/say.ts";

interface Notice {
  number: number;
  text: string;
  fault: boolean;
}

const STAYS_MS = 8000;
const notices = signal<Notice[]>([]);
let count = 0;

/** Says what was done; goes away by itself. */
export function done(text: string): void {
  const notice = add(text, false);
  setTimeout(() => dismiss(notice), STAYS_MS);
}

/** Says what went wrong; stays until it is closed. */
export function failed(fault: unknown): void {
  add(fault instanceof Error ? fault.message : String(fault), true);
}

function add(text: string, fault: boolean): number {
  count += 1;
  notices.value = [...notices.value.filter((notice) => notice.text !== text), { number: count, text, fault }];
  return count;
}

function dismiss(number: number): void {
  notices.value = notices.value.filter((notice) => notice.number !== number);
}

export function Notices() {
  return (
    <div class="notices" role="status" aria-live="polite">
      {notices.value.map(({ number, text, fault }) => (
        <p key={number} class={fault ? "notice fault" : "notice"}>
          <span>{say(text)}</span>
          <button type="button" aria-label={say("Close")} onClick={() => dismiss(number)}>
            ×
          </button>
        </p>
      ))}
    </div>
  );
}
