/** The case form: ten things first, the rest on demand; the answer beside it while one types. */
import { useEffect, useRef, useState } from "preact/hooks";
import { api, mayEdit } from "../api.ts";
import { answer, prior } from "../case/answer.ts";
import { BodyChart } from "../case/body_chart.tsx";
import { caseIsEmpty, caseText, givenCase, patient, readCaseText, valueAt, write } from "../case/case.ts";
import { Entries, Entry, Questions, sayWord } from "../case/entries.tsx";
import * as form from "../case/fields.ts";
import * as ofStudy from "../case/of_study.ts";
import { Photographs } from "../case/photographs.tsx";
import { photographsOf } from "../case/pictures.ts";
import { readPasted } from "../case/pasted.ts";
import { done, failed } from "../parts/notices.tsx";
import { Verdict } from "../parts/verdict.tsx";
import { SiteChoice } from "./studies.tsx";
import { go, link } from "../route.ts";
import { language, say } from "../words/say.ts";

export function CasePage() {
  return (
    <div class="case">
      <div class="form">
        <h1>{say("Case")}</h1>
        <OfStudy />
        <Files />
        <section class="card">
          <h2>{say("The patient")}</h2>
          <div class="fields">
            {form.FIRST.map((field) => (
              <Entry key={field.at} field={field} />
            ))}
            <Disease name="diabetes mellitus" />
          </div>
        </section>
        <section class="card">
          <Entries
            list={form.LESION}
            more={form.LESION_MORE}
            title={lesionTitle}
            beside={(under) => <Photographs under={under} />}
          >
            <BodyChart />
          </Entries>
        </section>
        <section class="card">
          <Entries list={form.DRUG} more={form.DRUG_MORE} title={nameTitle}>
            <TypedList at="drugs" label="Drugs, one a line, as on the chart" hint="warfarin 3 mg od" make={makeDrugs} />
            <Entry
              field={{ at: "drugs_complete", label: "The list lacks none, now and in the last year", kind: "yesno" }}
            />
          </Entries>
        </section>
        <section class="card">
          <Entries list={form.RESULT} more={form.RESULT_MORE} title={nameTitle}>
            <TypedList
              at="labs"
              label="Results, pasted or typed as the hospital prints them"
              hint="PTH 64 pmol/L (1.6–6.9) H"
              make={makeResults}
            />
          </Entries>
        </section>
        <section class="card">
          <Entries list={form.IMAGING} more={form.IMAGING_MORE} title={imageTitle} />
        </section>
        <Rest />
      </div>
      <aside class="answer-side" aria-label={say("The answer")}>
        <AnswerCard />
      </aside>
    </div>
  );
}

/** Where the form holds the case of a study: what is done with it. */
function OfStudy() {
  const [busy, setBusy] = useState(false);
  const id = ofStudy.study.value;
  useEffect(() => void (id && ofStudy.fetchPhotographs().catch(failed)), [id]);
  if (!id) return null;

  async function putBack(): Promise<void> {
    setBusy(true);
    try {
      go("studies", await ofStudy.putBack());
      done("The case was put back; what follows from it is worked out anew.");
    } catch (fault) {
      failed(fault);
    } finally {
      setBusy(false);
    }
  }

  return (
    <section class="card" aria-label={say("Case of study {id}", { id: id.slice(0, 8) })}>
      <p>
        {say("This is the case of study {id}. The study changes when the case is put back.", { id: id.slice(0, 8) })}
      </p>
      <p class="row">
        <button type="button" class="main" disabled={busy} onClick={() => void putBack()}>
          {say("Put it back into the study")}
        </button>
        <button
          type="button"
          onClick={() => {
            ofStudy.leave();
            go("studies", id);
          }}
        >
          {say("Leave the study as it is")}
        </button>
      </p>
    </section>
  );
}

function AnswerCard() {
  const { record, fault, took_ms } = answer.value;
  return (
    <section class="card" data-took-ms={took_ms === null ? undefined : Math.round(took_ms)}>
      <h2>{say("The answer")}</h2>
      <PriorBox />
      <div aria-live="polite">
        {fault && (
          <p class="fault" role="alert">
            {say(fault)}
          </p>
        )}
        {record ? <Verdict record={record} /> : <p class="quiet">{say("It comes while you type; no film is needed.")}</p>}
      </div>
      <p class="row">
        <a class="button" href={link("weigh")}>
          {say("Weigh the findings")}
        </a>
        {record && mayEdit.value && (
          <button type="button" onClick={() => void report().catch(failed)}>
            {say("Report")}
          </button>
        )}
      </p>
      {record && mayEdit.value && <SiteChoice />}
    </section>
  );
}

/** Sends the case without a film as a study, whose report can be read and passed on. */
async function report(): Promise<void> {
  const fields: Record<string, string> = { case: await caseText(), lang: language.value };
  if (prior.value !== null) fields["prior"] = String(prior.value);
  const { id } = await api.addStudy([], fields, () => undefined, photographsOf(givenCase.value));
  go("studies", id);
}

function PriorBox() {
  return (
    <label class="prior">
      {say("Pre-test probability, yours (0 to 1)")}
      <input
        type="number"
        min={0.0001}
        max={0.99}
        step="any"
        placeholder={say("not stated")}
        value={prior.value ?? ""}
        onInput={(event) => {
          const typed = Number(event.currentTarget.value);
          prior.value = typed > 0 && typed < 1 ? typed : null;
        }}
      />
    </label>
  );
}

function Files() {
  const chooser = useRef<HTMLInputElement>(null);

  async function save(): Promise<void> {
    const text = await caseText();
    const place = URL.createObjectURL(new Blob([text], { type: "application/yaml" }));
    const anchor = document.createElement("a");
    anchor.href = place;
    anchor.download = "case.yaml";
    anchor.click();
    URL.revokeObjectURL(place);
  }

  async function load(file: File | undefined): Promise<void> {
    if (!file) return;
    try {
      await readCaseText(await file.text());
      ofStudy.study.value = "";
      done("The case was loaded.");
    } catch (fault) {
      failed(fault);
    }
  }

  return (
    <p class="row">
      <button type="button" onClick={() => chooser.current?.click()}>
        {say("Load a case file")}
      </button>
      <button type="button" disabled={caseIsEmpty.value} onClick={() => void save().catch(failed)}>
        {say("Save as case.yaml")}
      </button>
      <button
        type="button"
        disabled={caseIsEmpty.value}
        onClick={() => {
          if (confirm(say("Clear the whole form?"))) ofStudy.leave();
        }}
      >
        {say("Clear")}
      </button>
      <input
        ref={chooser}
        hidden
        type="file"
        accept=".yaml,.yml,.json"
        onChange={(event) => void load(event.currentTarget.files?.[0])}
      />
    </p>
  );
}

/** A disease that is asked by name: an entry of the list of diseases, or none. */
function Disease({ name }: { name: string }) {
  const list = (valueAt(patient.value, "conditions") as { name?: string; present?: boolean }[] | undefined) ?? [];
  const place = list.findIndex((disease) => disease.name === name);
  const value = place < 0 ? undefined : (list[place]?.present ?? true);
  const put = (present: boolean | undefined): void => {
    if (present === undefined) write(`conditions.${place}`, undefined);
    else write(`conditions.${place < 0 ? list.length : place}`, present ? { name } : { name, present });
  };
  return (
    <div class="entry yesno">
      <fieldset>
        <legend>{sayWord(name)}</legend>
        <span class="segments">
          {([true, false, undefined] as const).map((present) => (
            <label key={String(present)}>
              <input type="radio" name={name} checked={value === present} onChange={() => put(present)} />
              <span>{say(present === undefined ? "not stated" : present ? "yes" : "no")}</span>
            </label>
          ))}
        </span>
      </fieldset>
    </div>
  );
}

interface TypedListProps {
  at: string;
  label: string;
  hint: string;
  /** Entries of what was typed, and what could not be read. */
  make: (text: string) => { entries: object[]; rest: string[] };
}

function TypedList({ at, label, hint, make }: TypedListProps) {
  const [text, setText] = useState("");
  const [rest, setRest] = useState<string[]>([]);

  function take(): void {
    const { entries, rest: left } = make(text);
    const now = (valueAt(patient.value, at) as unknown[] | undefined) ?? [];
    if (entries.length > 0) write(at, [...now, ...entries]);
    setText(left.join("\n"));
    setRest(left);
  }

  return (
    <div class="typed-list">
      <label>
        {say(label)}
        <textarea rows={3} placeholder={hint} value={text} onInput={(event) => setText(event.currentTarget.value)} />
      </label>
      <button type="button" disabled={text.trim() === ""} onClick={take}>
        {say("Take over")}
      </button>
      {rest.length > 0 && (
        <p class="fault" role="alert">
          {say("No result with a value was found in: {lines}", { lines: rest })}
        </p>
      )}
    </div>
  );
}

function makeDrugs(text: string): { entries: object[]; rest: string[] } {
  const names = text.split(/[\n;,]/).map((line) => line.trim());
  return { entries: names.filter(Boolean).map((name) => ({ name })), rest: [] };
}

function makeResults(text: string): { entries: object[]; rest: string[] } {
  const { results, rest } = readPasted(text);
  return { entries: results, rest };
}

function lesionTitle(entry: Record<string, unknown>): string {
  const words = [entry["kind"], entry["site"], entry["side"]].filter((word) => typeof word === "string");
  return words.map(sayWord).join(", ");
}

function nameTitle(entry: Record<string, unknown>, number: number): string {
  return typeof entry["name"] === "string" && entry["name"] ? entry["name"] : `${number + 1}`;
}

function imageTitle(entry: Record<string, unknown>): string {
  const words = [entry["modality"], entry["site"]].filter((word) => typeof word === "string");
  return words.map(sayWord).join(", ");
}

/** What is asked on demand. */
function Rest() {
  const groups: [string, readonly form.Field[]][] = [
    ["More about the patient", form.PATIENT],
    ["Examination", form.EXAMINATION],
  ];
  return (
    <>
      {groups.map(([label, fields]) => (
        <details key={label} class="card">
          <summary>
            <h2>{say(label)}</h2>
          </summary>
          <div class="fields">
            {fields.map((field) => (
              <Entry key={field.at} field={field} />
            ))}
          </div>
        </details>
      ))}
      {form.REST.map((list) => (
        <details key={list.at} class="card">
          <summary>
            <h2>{say(list.label)}</h2>
          </summary>
          <Entries list={list} />
        </details>
      ))}
      <Exclusions />
      <details class="card">
        <summary>
          <h2>{say("Your view, and how it went")}</h2>
        </summary>
        <div class="fields">
          {form.COURSE.map((field) => (
            <Entry key={field.at} field={field} />
          ))}
        </div>
      </details>
    </>
  );
}

const STANDINGS = ["excluded", "found", "treated"] as const;

function Exclusions() {
  const list = (valueAt(patient.value, "exclusions") as { name: string; status?: string }[] | undefined) ?? [];
  return (
    <details class="card">
      <summary>
        <h2>{say("Other diseases: excluded or found")}</h2>
      </summary>
      <Questions at="exclusions" exact />
      <div class="fields">
        {form.MIMICS.map((name) => {
          const place = list.findIndex((mimic) => mimic.name === name);
          const put = (status: string): void => {
            if (status === "") write(`exclusions.${place}`, undefined);
            else write(`exclusions.${place < 0 ? list.length : place}`, { name, status });
          };
          return (
            <label key={name} class="entry">
              {sayWord(name)}
              <select value={list[place]?.status ?? ""} onChange={(event) => put(event.currentTarget.value)}>
                <option value="">{say("not stated")}</option>
                {STANDINGS.map((status) => (
                  <option key={status} value={status}>
                    {say(status)}
                  </option>
                ))}
              </select>
            </label>
          );
        })}
      </div>
    </details>
  );
}
