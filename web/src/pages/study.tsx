/** One study: its films with their marks, what was found, the numbers, and what can be corrected or taken along. */
import { useCallback, useEffect, useState } from "preact/hooks";
import { address, api, mayEdit, type Change, type Study } from "../api.ts";
import { done, failed } from "../parts/notices.tsx";
import type { Finding, ImageRecord, RecordJson } from "../record.ts";
import { link } from "../route.ts";
import { Verdict } from "../parts/verdict.tsx";
import { Stage } from "../viewer/stage.tsx";
import { writeNumber } from "../words/message.ts";
import { language, retell, say } from "../words/say.ts";
import { STATES } from "./studies.tsx";

const LOOK_AGAIN_MS = 1500;
const CHANGED = "Changed; the numbers are worked out anew.";
const TAKEN_BACK = "The last change was taken back.";

export function StudyPage({ id }: { id: string }) {
  const [study, setStudy] = useState<Study | null>(null);
  const [record, setRecord] = useState<RecordJson | null>(null);

  useEffect(() => {
    let timer = 0;
    const look = async (): Promise<void> => {
      const now = await api.study(id);
      setStudy(now);
      if (now.state === "done") setRecord(await api.record(id));
      else if (now.state !== "failed") timer = window.setTimeout(() => void look().catch(failed), LOOK_AGAIN_MS);
    };
    void look().catch(failed);
    return () => clearTimeout(timer);
  }, [id]);

  if (record) return <Reading id={id} record={record} update={setRecord} />;
  return (
    <section class="card narrow">
      <h1>{say("Study {id}", { id: id.slice(0, 8) })}</h1>
      <p>{study ? say(STATES[study.state]) : say("Looking ...")}</p>
      {study?.state === "running" && <progress aria-label={say("Progress")} max={1} value={study.progress} />}
      {study?.reason && <p class="fault">{say(study.reason)}</p>}
      <a href={link("studies")}>{say("Back to the studies")}</a>
    </section>
  );
}

interface ReadingProps {
  id: string;
  record: RecordJson;
  update: (record: RecordJson) => void;
}

function Reading({ id, record, update }: ReadingProps) {
  const films = record.images.filter(({ refused }) => !refused);
  const [shown, setShown] = useState(films[0]?.id ?? null);
  const [chosen, setChosen] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const [asking, setAsking] = useState<"reject" | "relabel" | null>(null);
  const image = films.find((film) => film.id === shown);

  const next = useCallback(
    (step: number) => {
      const ids = image?.findings.map((finding) => finding.id) ?? [];
      if (ids.length === 0) return;
      const place = chosen === null ? -1 : ids.indexOf(chosen);
      setChosen(ids[(place + step + ids.length) % ids.length] ?? null);
    },
    [image, chosen],
  );
  const reject = useCallback(() => {
    if (chosen) setAsking("reject");
  }, [chosen]);

  async function work(what: () => Promise<RecordJson>, said: string): Promise<void> {
    setBusy(true);
    try {
      const changed = await what();
      update(changed);
      const left = changed.images.find((film) => film.id === shown)?.findings ?? [];
      if (!left.some((finding) => finding.id === chosen)) setChosen(null);
      setAsking(null);
      done(said);
    } catch (fault) {
      failed(fault);
    } finally {
      setBusy(false);
    }
  }

  const change = (finding: string, made: Change): Promise<void> =>
    image ? work(() => api.edit(id, image.id, finding, made), CHANGED) : Promise.resolve();

  const tell = (text: string): string => retell(text, record.messages);
  const headline = record.summary.suspicion?.headline;
  const corrected = record.images.some(({ corrections = [] }) => corrections.length > 0);
  return (
    <div class="reading">
      <div class="left">
        <h1 class="hidden">{say("Study {id}", { id: id.slice(0, 8) })}</h1>
        {films.length > 1 && (
          <div class="films" role="group" aria-label={say("Images")}>
            {films.map((film) => (
              <button
                key={film.id}
                type="button"
                aria-pressed={film.id === shown}
                onClick={() => {
                  setShown(film.id);
                  setChosen(null);
                }}
              >
                {nameOf(film)}
              </button>
            ))}
          </div>
        )}
        {image && (
          <Stage
            study={id}
            image={image}
            chosen={chosen}
            choose={setChosen}
            next={next}
            reject={reject}
          />
        )}
        {!image && record.images.length > 0 && <p>{say("No image of this study could be examined.")}</p>}
        {record.images.length === 0 && (
          <section class="card">
            <Verdict record={record} />
          </section>
        )}
      </div>
      <div class="right">
        <section class="card" aria-label={say("Summary")}>
          <h2 class="answer">{headline ? tell(headline) : say("Summary")}</h2>
          <ul class="plain">
            {record.summary.sentences
              .filter((sentence) => sentence !== headline)
              .map((sentence) => (
                <li key={sentence}>{tell(sentence)}</li>
              ))}
          </ul>
          {record.images
            .filter(({ refused }) => refused)
            .map((film) => (
              <p key={film.id} class="fault">
                {film.id}: {tell(film.refused?.reason ?? "")}
              </p>
            ))}
          <Exports id={id} />
        </section>
        {image && (
          <Findings image={image} chosen={chosen} choose={setChosen}>
            {chosen && mayEdit.value && (
              <div class="row">
                <button type="button" disabled={busy} onClick={() => setAsking("reject")}>
                  {say("Reject")}
                </button>
                <button type="button" disabled={busy} onClick={() => setAsking("relabel")}>
                  {say("Relabel")}
                </button>
              </div>
            )}
            {asking && chosen && (
              <Why
                key={`${asking} ${chosen}`}
                what={asking}
                finding={chosen}
                kind={image.findings.find((finding) => finding.id === chosen)?.kind ?? "vessel"}
                busy={busy}
                change={(made) => change(chosen, made)}
                close={() => setAsking(null)}
              />
            )}
            <Corrections image={image} tell={tell}>
              {(finding) => (
                <button
                  type="button"
                  disabled={busy || !mayEdit.value}
                  onClick={() => void change(finding, { action: "restore", why: say("restored") })}
                >
                  {say("Restore")}
                </button>
              )}
            </Corrections>
            {mayEdit.value && corrected && (
              <button type="button" disabled={busy} onClick={() => void work(() => api.undo(id), TAKEN_BACK)}>
                {say("Undo the last change")}
              </button>
            )}
            {busy && <p role="status">{say("The numbers are being worked out anew ...")}</p>}
          </Findings>
        )}
        {image && <Numbers image={image} record={record} />}
        {image && <Statements image={image} tell={tell} />}
      </div>
    </div>
  );
}

interface CorrectionsProps {
  image: ImageRecord;
  tell: (text: string) => string;
  children: (finding: string) => preact.ComponentChildren;
}

/** What readers corrected on an image, and how the numbers changed. */
function Corrections({ image, tell, children }: CorrectionsProps) {
  const { corrections = [], correction_notes: notes = [] } = image;
  if (corrections.length === 0) return null;
  return (
    <div class="corrections">
      <h3>{say("Corrected by a reader")}</h3>
      <ul>
        {corrections.map(({ finding, found_as, corrected_to }) => (
          <li key={finding} class="row">
            <span>
              {finding}: <s>{say(KINDS[found_as])}</s> {corrected_to ? say(KINDS[corrected_to]) : say("rejected")}
            </span>
            {children(finding)}
          </li>
        ))}
      </ul>
      {notes.map((note) => (
        <p key={note}>{tell(note)}</p>
      ))}
    </div>
  );
}

function nameOf(image: ImageRecord): string {
  const parts = [image.anatomy, sideOf(image.laterality), image.view].filter((part) => part !== null);
  return `${image.id}: ${parts.map((part) => say(part)).join(", ") || image.modality}`;
}

function sideOf(letter: string | null): string | null {
  if (letter === "R") return "right";
  if (letter === "L") return "left";
  return letter === "B" ? "both sides" : null;
}

function Exports({ id }: { id: string }) {
  const spoken = `?lang=${language.value}`;
  return (
    <p class="row exports">
      <a class="button main" href={address(id, `report.html${spoken}`)} target="_blank" rel="noopener">
        {say("Report")}
      </a>
      <a class="button" href={address(id, `report.pdf${spoken}`)} download>
        PDF
      </a>
      <a class="button" href={address(id, "objects.zip")} download>
        {say("DICOM objects")}
      </a>
      <a class="button" href={address(id, "record")} download="record.json">
        record.json
      </a>
    </p>
  );
}

const KINDS: Record<Finding["kind"], string> = {
  vessel: "calcified vessel",
  net: "net-like calcification",
  focus: "other calcium",
  uptake: "uptake",
};

interface FindingsProps {
  image: ImageRecord;
  chosen: string | null;
  choose: (finding: string | null) => void;
  children: preact.ComponentChildren;
}

function Findings({ image, chosen, choose, children }: FindingsProps) {
  const haveIntervals = image.findings.some(
    (finding) => finding.calibre_interval_mm ?? finding.area_interval_mm2 ?? finding.volume_interval_mm3,
  );
  return (
    <section class="card" aria-label={say("Findings")}>
      <h2>{say("Findings")}</h2>
      {image.findings.length === 0 && <p>{say("No mark on this image.")}</p>}
      {haveIntervals && <p>{say("In brackets: 95 % interval.")}</p>}
      <ul class="findings">
        {image.findings.map((finding) => (
          <li key={finding.id}>
            <button
              type="button"
              class={`finding ${finding.kind}`}
              aria-pressed={finding.id === chosen}
              onClick={() => choose(finding.id === chosen ? null : finding.id)}
            >
              <span class="id">{finding.id}</span>
              <span>{say(KINDS[finding.kind])}</span>
              <span class="numbers">{numbersOf(finding)}</span>
            </button>
          </li>
        ))}
      </ul>
      {children}
    </section>
  );
}

/** What is known of a finding, each number with its unit and, where there is one, its 95 % interval. */
function numbersOf(finding: Finding): string {
  const parts: string[] = [];
  const put = (message: string, value: number | null, interval: [number, number] | null = null): void => {
    if (value === null) return;
    const told = say(message, { value });
    const digits = message.includes(".1f") ? 1 : 0;
    parts.push(interval === null ? told : `${told} (${interval.map((end) => end.toFixed(digits)).join("–")})`);
  };
  if (finding.kind === "vessel") {
    put("{value:.1f} mm wide", finding.calibre_mm, finding.calibre_interval_mm);
    if (finding.calibre_mm === null) put("less than {value:.1f} mm wide", finding.upper_limit_mm);
    put("{value:.0f} mm long", finding.length_mm);
    if (finding.length_mm === null) put("{value:.0f} px long", finding.length_px);
  } else {
    put("{value:.0f} mm²", finding.area_mm2, finding.area_interval_mm2);
    if (finding.area_mm2 === null) put("{value:.0f} px²", finding.area_px);
  }
  put("{value:.0f} mm³", finding.volume_mm3, finding.volume_interval_mm3);
  put("{value:.0f} mm deep", finding.depth_mm);
  if (finding.probability !== null) put("p {value:.2f}", finding.probability);
  return parts.join(" · ");
}

interface WhyProps {
  what: "reject" | "relabel";
  finding: string;
  kind: Finding["kind"];
  busy: boolean;
  change: (change: Change) => Promise<void>;
  close: () => void;
}

const REASONS = ["edge of bone", "fold of skin", "vein, not artery", "cloth or dressing", "artefact"];

function Why({ what, finding, kind, busy, change, close }: WhyProps) {
  const [why, setWhy] = useState("");
  const [as, setAs] = useState<string>(kind);
  return (
    <form
      class="why"
      onSubmit={(event) => {
        event.preventDefault();
        void change(what === "reject" ? { action: "reject", why } : { action: "relabel", kind: as, why });
      }}
    >
      <h3>{say(what === "reject" ? "Reject {finding}" : "Relabel {finding}", { finding })}</h3>
      {what === "relabel" && (
        <label class="entry">
          {say("It is")}
          <select value={as} onChange={(event) => setAs(event.currentTarget.value)}>
            {(["vessel", "net", "focus"] as const).map((name) => (
              <option key={name} value={name}>
                {say(KINDS[name])}
              </option>
            ))}
          </select>
        </label>
      )}
      <label>
        {say("Why (no name)")}
        <input required maxLength={200} list="reasons" value={why} onInput={(event) => setWhy(event.currentTarget.value)} />
      </label>
      <datalist id="reasons">
        {REASONS.map((reason) => (
          <option key={reason} value={say(reason)} />
        ))}
      </datalist>
      <p class="row">
        <button class="main" type="submit" disabled={busy}>
          {say(what === "reject" ? "Reject" : "Relabel")}
        </button>
        <button type="button" onClick={close}>
          {say("Cancel")}
        </button>
      </p>
    </form>
  );
}

function Numbers({ image, record }: { image: ImageRecord; record: RecordJson }) {
  const rows = Object.entries(image.measures).filter(([, value]) => value !== null);
  return (
    <details class="card">
      <summary>
        <h2>{say("Numbers")}</h2>
      </summary>
      <table>
        <tbody>
          {rows.map(([name, value]) => {
            const meaning = record.meanings[name];
            const range = image.intervals95[name];
            return (
              <tr key={name}>
                <th scope="row">{say(meaning?.label ?? name)}</th>
                <td>
                  {writeNumber(value ?? 0, ".3g")} {unitOf(meaning?.unit)}
                </td>
                <td>{range ? `${writeNumber(range[0], ".3g")} – ${writeNumber(range[1], ".3g")}` : ""}</td>
              </tr>
            );
          })}
          {image.not_measured.map(({ measure, because }) => (
            <tr key={measure}>
              <th scope="row">{say(record.meanings[measure]?.label ?? measure)}</th>
              <td colSpan={2}>{say("not measured: {because}", { because: retell(because, record.messages) })}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}

function unitOf(unit: string | undefined): string {
  if (!unit || unit === "1") return "";
  return unit.replace("mm2", "mm²").replace("cm2", "cm²").replace("mm3", "mm³").replace("{pixel}", "px");
}

function Statements({ image, tell }: { image: ImageRecord; tell: (text: string) => string }) {
  return (
    <details class="card">
      <summary>
        <h2>{say("What this picture can show")}</h2>
      </summary>
      <ul class="plain">
        {[...image.statements, ...image.cautions].map((sentence) => (
          <li key={sentence}>{tell(sentence)}</li>
        ))}
      </ul>
    </details>
  );
}
