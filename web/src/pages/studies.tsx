/** The start: drop films, folders, zips or a CT series; the list of what was given. */
import { signal } from "@preact/signals";
import { useEffect, useRef, useState } from "preact/hooks";
import { api, mayEdit, session, site, type State, type Study } from "../api.ts";
import { prior } from "../case/answer.ts";
import { caseIsEmpty, caseText, givenCase } from "../case/case.ts";
import { photographsOf } from "../case/pictures.ts";
import { droppedFiles } from "../parts/dropped.ts";
import { done, failed } from "../parts/notices.tsx";
import { link } from "../route.ts";
import { writeDay } from "../words/message.ts";
import { language, phrase, retell, say } from "../words/say.ts";

const LOOK_AGAIN_MS = 1500;
const RARELY_MS = 10000;

export const STATES: Record<State, string> = {
  queued: "waiting",
  running: "being examined",
  done: "examined",
  failed: "failed",
  cancelled: "cancelled",
};

export const LEVELS: Record<string, string> = {
  none: "not suspected",
  suspected: "suspected",
  clinical: "clinical",
  confirmed: "confirmed",
};

/** What a sender says beside the files; empty is not stated. */
type Options = Partial<Record<"title" | "anatomy" | "spacing_mm" | "modality", string>>;

const MODALITIES: Record<string, string> = { CR: "radiograph", CT: "CT", MG: "mammogram" };

const studies = signal<Study[] | null>(null);

async function look(): Promise<void> {
  studies.value = await api.listStudies();
}

export function StudiesPage() {
  useEffect(() => {
    let timer = 0;
    let gone = false;
    const again = async (): Promise<void> => {
      await look().catch(failed);
      const busy = studies.value?.some(({ state }) => state === "queued" || state === "running") ?? false;
      if (!gone) timer = window.setTimeout(() => void again(), busy ? LOOK_AGAIN_MS : RARELY_MS);
    };
    void again();
    return () => {
      gone = true;
      clearTimeout(timer);
    };
  }, []);
  return (
    <>
      <h1>{say("Studies")}</h1>
      {mayEdit.value && <Drop />}
      <Worklist />
    </>
  );
}

function Drop() {
  const [over, setOver] = useState(false);
  const [sent, setSent] = useState<number | null>(null);
  const [withCase, setWithCase] = useState(false);
  const files = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);
  const hasCase = !caseIsEmpty.value;
  const [options, setOptions] = useState<Options>({});

  const put = (name: keyof Options) => (event: Event) =>
    setOptions((now) => ({ ...now, [name]: (event.currentTarget as HTMLInputElement).value }));

  async function give(chosen: File[]): Promise<void> {
    if (chosen.length === 0) return;
    setSent(0);
    try {
      const form: Record<string, string> = { ...options, lang: language.value };
      if (hasCase && withCase) form["case"] = await caseText();
      if (hasCase && withCase && prior.value !== null) form["prior"] = String(prior.value);
      await api.addStudy(chosen, form, setSent, hasCase && withCase ? photographsOf(givenCase.value) : []);
      done("The study was received.");
      await look();
    } catch (fault) {
      failed(fault);
    } finally {
      setSent(null);
    }
  }

  return (
    <section
      class={over ? "drop over" : "drop"}
      aria-label={say("Add a study")}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        void droppedFiles(event.dataTransfer).then(give, failed);
      }}
    >
      <p class="lead">{say("Drop films, folders, zips or a CT series of one patient here")}</p>
      <p class="row">
        <button class="main" type="button" onClick={() => files.current?.click()}>
          {say("Choose files")}
        </button>
        <button type="button" onClick={() => folder.current?.click()}>
          {say("Choose a folder")}
        </button>
      </p>
      <input
        ref={files}
        hidden
        type="file"
        multiple
        onChange={(event) => void give([...(event.currentTarget.files ?? [])])}
      />
      <input
        ref={folder}
        hidden
        type="file"
        {...{ webkitdirectory: true }}
        onChange={(event) => void give([...(event.currentTarget.files ?? [])])}
      />
      {hasCase && (
        <label class="inline">
          <input type="checkbox" checked={withCase} onChange={(event) => setWithCase(event.currentTarget.checked)} />
          {say("with the patient of the case form")}
        </label>
      )}
      <SiteChoice />
      <details class="options">
        <summary>{say("What the files do not say")}</summary>
        <div class="fields">
          <label>
            {say("Your word for the study (no name)")}
            <input maxLength={200} autocomplete="off" onInput={put("title")} />
          </label>
          <label>
            {say("Body part, with its side")}
            <input maxLength={60} placeholder="right lower leg" autocomplete="off" onInput={put("anatomy")} />
          </label>
          <label>
            {say("Size of a pixel at the detector, mm")}
            <input placeholder="0.15" inputMode="decimal" autocomplete="off" onInput={put("spacing_mm")} />
          </label>
          <label>
            {say("Kind of picture")}
            <select onChange={put("modality")}>
              <option value="">{say("as the file says")}</option>
              {Object.entries(MODALITIES).map(([code, name]) => (
                <option key={code} value={code}>
                  {say(name)}
                </option>
              ))}
            </select>
          </label>
        </div>
      </details>
      {sent !== null && (
        <label>
          {say("Sending")}
          <progress max={1} value={sent} />
        </label>
      )}
      <p class="quiet">
        {say("DICOM, PNG, JPEG, TIFF, NIfTI. Each study is of one patient; it stays on this server.")}
      </p>
    </section>
  );
}

/** To which site the study belongs, for who belongs to several. */
export function SiteChoice() {
  const sites = session.value?.sites ?? [];
  if (sites.length < 2) return null;
  return (
    <label class="inline">
      {say("Site of the study")}
      <select value={site.value} onChange={(event) => (site.value = event.currentTarget.value)}>
        <option value="">{say("choose")}</option>
        {sites.map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}

function Worklist() {
  const rows = studies.value;
  if (rows === null) return <p class="quiet">{say("Looking ...")}</p>;
  if (rows.length === 0) return <p>{say("No study yet.")}</p>;
  return (
    <div class="scroll" role="region" aria-label={say("Worklist")} tabIndex={0}>
      <table class="worklist">
        <caption class="hidden">{say("Worklist")}</caption>
        <thead>
          <tr>
            <th scope="col">{say("Study")}</th>
            <th scope="col">{say("Received")}</th>
            <th scope="col">{say("State")}</th>
            <th scope="col">{say("Suspicion")}</th>
            <th scope="col">{say("Do")}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((study) => (
            <Row key={study.id} study={study} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({ study }: { study: Study }) {
  const act = (what: (id: string) => Promise<unknown>) => () => void what(study.id).then(look).catch(failed);
  const waits = study.state === "queued" || study.state === "running";
  return (
    <tr>
      <th scope="row">
        {study.state === "done" || study.state === "running" ? <a href={link("studies", study.id)}>{titleOf(study)}</a> : titleOf(study)}
      </th>
      <td>{whenOf(study)}</td>
      <td>
        <span class={`state ${study.state}`}>{say(STATES[study.state])}</span>
        {study.state === "running" && <progress aria-label={say("Progress")} max={1} value={study.progress} />}
        {study.reason && <p class="reason">{retell(study.reason, study.messages)}</p>}
      </td>
      <td>{study.level ? <span class={`level ${study.level}`}>{say(LEVELS[study.level] ?? study.level)}</span> : "–"}</td>
      <td>
        <div class="row">
        {study.state === "done" && (
          <a class="button" href={link("studies", study.id)}>
            {say("Open")}
          </a>
        )}
        {study.state === "running" && (
          <a class="button" href={link("studies", study.id)}>
            {say("Look at it")}
          </a>
        )}
        {mayEdit.value && waits && (
          <button type="button" onClick={act(api.cancel)}>
            {say("Cancel")}
          </button>
        )}
        {mayEdit.value && (study.state === "failed" || study.state === "cancelled") && (
          <button type="button" onClick={act(api.retry)}>
            {say("Try again")}
          </button>
        )}
        {mayEdit.value && !waits && (
          <button
            type="button"
            onClick={() => {
              if (confirm(say("Delete this study with all that was made of it?"))) act(api.remove)();
            }}
          >
            {say("Delete")}
          </button>
        )}
        </div>
      </td>
    </tr>
  );
}

function titleOf(study: Study): string {
  return study.title ? say(study.title) : say("Study {id}", { id: study.id.slice(0, 8) });
}

function whenOf(study: Study): string {
  const day = new Date(study.made_at);
  const clock = day.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
  const [month, date] = [day.getMonth() + 1, day.getDate()].map((number) => String(number).padStart(2, "0"));
  return `${writeDay(`${day.getFullYear()}-${month}-${date}`, phrase.value)} ${clock}`;
}
