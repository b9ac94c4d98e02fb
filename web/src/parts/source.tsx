/** Where a statement comes from: opens the reference. */
import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { say } from "../words/say.ts";

type References = Record<string, { citation: string; says: string; confidence: string; url?: string }>;

const references = signal<References | null>(null);

const READ: Record<string, string> = {
  seen: "read in the text itself",
  secondary: "read in another text that quotes it",
  recalled: "from general knowledge; not read",
};

export function Source({ reference }: { reference: string }) {
  return (
    <details class="source">
      <summary aria-label={say("Source: {reference}", { reference })}>{reference}</summary>
      <Citation reference={reference} />
    </details>
  );
}

export function Citation({ reference }: { reference: string }) {
  useEffect(() => {
    if (references.value === null) void import("virtual:references").then((read) => (references.value = read.default));
  }, []);
  const found = references.value?.[reference];
  if (!found) return null;
  return (
    <span class="citation">
      {found.citation} <em>({say(READ[found.confidence] ?? found.confidence)})</em>
      {found.url && (
        <>
          {" "}
          <a href={found.url} target="_blank" rel="noopener noreferrer">
            {say("open the source")}
          </a>
        </>
      )}
    </span>
  );
}
