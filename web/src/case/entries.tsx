/** Fields of the case form: one for each kind, with the questions that came back beside it. */
import { useId } from "preact/hooks";
import type { ComponentChildren } from "preact";
import type { Question } from "../record.ts";
import { retell, say } from "../words/say.ts";
import { answer } from "./answer.ts";
import { patient, valueAt, write } from "./case.ts";
import { SPOKEN, type Field, type List } from "./fields.ts";

/** Says a word of a case file. */
export function sayWord(word: string): string {
  return say(SPOKEN[word] ?? word);
}

function put(at: string, value: unknown): void {
  write(at, value === "" || value === null ? undefined : value);
}

/** A field at a place; `under` is the entry of a list that it belongs to. */
export function Entry({ field, under, asks = true }: { field: Field; under?: string; asks?: boolean }) {
  const at = under ? `${under}.${field.at}` : field.at;
  const value = valueAt(patient.value, at);
  const id = useId();
  return (
    <div class={`entry ${field.kind}`}>
      {field.kind === "yesno" ? (
        <YesNo label={field.label} at={at} value={value} />
      ) : field.kind === "several" ? (
        <Several field={field} at={at} value={value} />
      ) : (
        <>
          <label for={id}>{say(field.label)}</label>
          <span class="typed">
            <Box field={field} at={at} value={value} id={id} />
            {field.unit && <span class="unit">{say(field.unit)}</span>}
          </span>
        </>
      )}
      {asks && <Questions at={at} exact />}
    </div>
  );
}

function Box({ field, at, value, id }: { field: Field; at: string; value: unknown; id: string }) {
  const text = value === undefined || value === null ? "" : String(value);
  if (field.kind === "choice") {
    const choices = field.choices ?? [];
    const known = text === "" || choices.includes(text);
    return (
      <select id={id} value={text} onChange={(event) => put(at, event.currentTarget.value)}>
        <option value="">{say("not stated")}</option>
        {!known && <option value={text}>{text}</option>}
        {choices.map((word) => (
          <option key={word} value={word}>
            {sayWord(word)}
          </option>
        ))}
      </select>
    );
  }
  if (field.kind === "day") {
    return <input id={id} type="date" value={text} onChange={(event) => put(at, event.currentTarget.value)} />;
  }
  if (field.kind === "whole" || field.kind === "number") {
    return (
      <input
        id={id}
        type="number"
        step={field.kind === "whole" ? 1 : "any"}
        min={field.least}
        max={field.most}
        value={text}
        onInput={(event) => {
          const typed = event.currentTarget.value;
          put(at, typed === "" ? "" : Number(typed));
        }}
      />
    );
  }
  return (
    <input
      id={id}
      placeholder={field.hint}
      value={text}
      autocomplete="off"
      onInput={(event) => put(at, event.currentTarget.value)}
    />
  );
}

const ANSWERS: [string, boolean | undefined][] = [
  ["yes", true],
  ["no", false],
  ["not stated", undefined],
];

function YesNo({ label, at, value }: { label: string; at: string; value: unknown }) {
  const name = useId();
  return (
    <fieldset>
      <legend>{say(label)}</legend>
      <span class="segments">
        {ANSWERS.map(([word, truth]) => (
          <label key={word}>
            <input type="radio" name={name} checked={value === truth} onChange={() => write(at, truth)} />
            <span>{say(word)}</span>
          </label>
        ))}
      </span>
    </fieldset>
  );
}

function Several({ field, at, value }: { field: Field; at: string; value: unknown }) {
  const chosen = Array.isArray(value) ? (value as string[]) : null;
  return (
    <fieldset>
      <legend>{say(field.label)}</legend>
      <span class="segments">
        {(field.choices ?? []).map((word) => (
          <label key={word}>
            <input
              type="checkbox"
              checked={chosen?.includes(word) ?? false}
              onChange={(event) => {
                const others = (chosen ?? []).filter((other) => other !== word);
                const now = event.currentTarget.checked ? [...others, word] : others;
                write(at, now.length > 0 ? now : undefined);
              }}
            />
            <span>{sayWord(word)}</span>
          </label>
        ))}
        <label>
          <input
            type="checkbox"
            checked={chosen?.length === 0}
            onChange={(event) => write(at, event.currentTarget.checked ? [] : undefined)}
          />
          <span>{say("none")}</span>
        </label>
      </span>
    </fieldset>
  );
}

/** Questions that came back about a place, or about anything in it. */
export function Questions({ at, exact = false, fields = [] }: { at: string; exact?: boolean; fields?: string[] }) {
  const { record, faults } = answer.value;
  const belongs = (field: string): boolean =>
    exact ? field === at : field.startsWith(`${at}.`) && !fields.includes(field.slice(at.length + 1));
  const asked = record?.clinical?.questions.filter(({ field }) => belongs(field)) ?? [];
  const wrong = faults.filter(({ field }) => field === at || belongs(field));
  return (
    <>
      {wrong.map(({ text }) => (
        <p key={text} class="fault" role="alert">
          {retell(text, undefined)}
        </p>
      ))}
      {asked.map((question) => (
        <QuestionNote key={question.text} question={question} />
      ))}
    </>
  );
}

const CONFIRMED: Record<string, string> = { unit: "unit_confirmed", value: "value_confirmed" };

function QuestionNote({ question }: { question: Question }) {
  const parts = question.field.split(".");
  const confirmed = parts[0] === "labs" ? CONFIRMED[parts.at(-1) ?? ""] : undefined;
  const place = confirmed ? [...parts.slice(0, -1), confirmed].join(".") : null;
  return (
    <p class="question">
      {retell(question.text, answer.value.record?.messages)}{" "}
      {place && question.likely && (
        <button type="button" onClick={() => write(place, question.likely)}>
          {say("It is {unit}: the laboratory says so", { unit: question.likely })}
        </button>
      )}
    </p>
  );
}

interface ListProps {
  list: List;
  more?: readonly Field[];
  /** What stands above the entries. */
  children?: ComponentChildren;
  /** The heading of an entry. */
  title?: (entry: Record<string, unknown>, number: number) => string;
  /** What an entry has beside its fields, by its place. */
  beside?: (under: string) => ComponentChildren;
}

/** A list of entries, each with its fields, the rest of them on demand. */
export function Entries({ list, more = [], children, title, beside }: ListProps) {
  const entries = valueAt(patient.value, list.at);
  const rows = Array.isArray(entries) ? (entries as Record<string, unknown>[]) : [];
  const own = list.fields.map(({ at }) => at);
  return (
    <section class="list" aria-label={say(list.label)}>
      <h3>{say(list.label)}</h3>
      {children}
      {rows.map((entry, number) => {
        const under = `${list.at}.${number}`;
        const filled = more.filter(({ at }) => valueAt(entry, at) !== undefined).length;
        return (
          <fieldset key={under} class={list.compact ? "item compact" : "item"}>
            <legend>{title?.(entry, number) ?? say("{one} {number}", { one: list.one, number: number + 1 })}</legend>
            <div class="fields">
              {list.fields.map((field) => (
                <Entry key={field.at} field={field} under={under} />
              ))}
            </div>
            {more.length > 0 && (
              <details>
                <summary>{filled > 0 ? say("more ({count})", { count: filled }) : say("more")}</summary>
                <div class="fields">
                  {more.map((field) => (
                    <Entry key={field.at} field={field} under={under} asks={false} />
                  ))}
                </div>
              </details>
            )}
            {beside?.(under)}
            <button
              type="button"
              class="away"
              aria-label={say("Take away {what}", { what: title?.(entry, number) ?? String(number + 1) })}
              onClick={() => write(under, undefined)}
            >
              {list.compact ? "×" : say("Take away")}
            </button>
            <Questions at={under} fields={own} />
          </fieldset>
        );
      })}
      <Questions at={list.at} exact />
      <button type="button" onClick={() => write(`${list.at}.${rows.length}`, { ...list.fresh })}>
        + {say(list.one)}
      </button>
    </section>
  );
}
