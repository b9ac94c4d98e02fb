/** One study: its films with their marks, what was found, the numbers, and what can be corrected or taken along. */
import { useSignal } from "@preact/signals";
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { address, api, mayEdit, type Change, type Drawn, type ShownImage, type Study } from "../api.ts";
import * as ofStudy from "../case/of_study.ts";
import { done, failed } from "../parts/notices.tsx";
import type { Correction, Finding, ImageRecord, Point, RecordJson } from "../record.ts";
import { go, link } from "../route.ts";
import { Verdict } from "../parts/verdict.tsx";
import type { Keys } from "../viewer/keys.ts";
import type { Plan } from "../viewer/pen.ts";
import { Stage } from "../viewer/stage.tsx";
import { writeNumber } from "../words/message.ts";
import { language, retell, say } from "../words/say.ts";
import { DETAIL_LABELS, detailOf, detailsOf, kindsOf, nameDetail } from "../parts/details.ts";
import { STATES } from "./studies.tsx";

const LOOK_AGAIN_MS = 1500;
const LOOK_SOON_MS = 250;
const CHANGED = "Changed; the numbers are worked out anew.";
const TAKEN_BACK = "The last change was taken back.";

export function StudyPage({ id }: { id: string }) {
  const [study, setStudy] = useState<Study | null>(null);
  const [record, setRecord] = useState<RecordJson | null>(null);
  const [images, setImages] = useState<ShownImage[]>([]);

  useEffect(() => {
    let timer = 0;
    let shown = 0;
    const look = async (): Promise<void> => {
      const now = await api.study(id);
      setStudy(now);
      if (now.state === "done") setRecord(await api.record(id));
      else if (now.state === "failed") return;
      else {
        const there = await api.images(id);
        if (there.length !== shown) setImages(there);
        shown = there.length;
        timer = window.setTimeout(() => void look().catch(failed), shown > 0 ? LOOK_AGAIN_MS : LOOK_SOON_MS);
      }
    };
    void look().catch(failed);
    return () => clearTimeout(timer);
  }, [id]);

  if (record) return <Reading id={id} record={record} update={setRecord} />;
  const waiting = (
    <section class="card narrow">
      <h1>{say("Study {id}", { id: id.slice(0, 8) })}</h1>
      <p>{study ? say(STATES[study.state]) : say("Looking ...")}</p>
      {study?.state === "running" && <progress aria-label={say("Progress")} max={1} value={study.progress} />}
      {study?.reason && <p class="fault">{retell(study.reason, study.messages)}</p>}
      <a href={link("studies")}>{say("Back to the studies")}</a>
    </section>
  );
  if (images.length === 0 || study?.state === "failed") return waiting;
  return (
    <div class="reading">
      <div class="left">
        <Preview id={id} images={images} />
      </div>
      <div class="right">
        {waiting}
        <p>{say("The film can be looked at already; its marks and numbers follow.")}</p>
      </div>
    </div>
  );
}

const NO_KEYS: Keys = {};
const doNothing = (): void => undefined;

/** The images of a study that is being examined, without any mark. */
function Preview({ id, images }: { id: string; images: ShownImage[] }) {
  const [shown, setShown] = useState<string | null>(null);
  const plan = useSignal(null);
  const head = images.find((image) => image.id === shown) ?? images[0];
  if (!head) return null;
  return (
    <>
      {images.length > 1 && (
        <div class="films" role="group" aria-label={say("Images")}>
          {images.map(({ id: name }) => (
            <button key={name} type="button" aria-pressed={name === head.id} onClick={() => setShown(name)}>
              {name}
            </button>
          ))}
        </div>
      )}
      <Stage
        study={id}
        image={{ ...UNKNOWN, ...head }}
        chosen={null}
        choose={doNothing}
        next={doNothing}
        reject={doNothing}
        more={NO_KEYS}
        plan={plan}
        sketch={null}
        drawn={doNothing}
        giveUp={doNothing}
      />
    </>
  );
}

/** What is not known of an image before it is examined. */
const UNKNOWN: Omit<ImageRecord, "id" | "modality" | "spacing_mm" | "spacing_basis"> = {
  source: "",
  anatomy: null,
  laterality: null,
  view: null,
  on: null,
  shape: [],
  lengths_hold_if: null,
  magnification: 1,
  resolvable_mm: null,
  statements: [],
  cautions: [],
  refused: null,
  findings: [],
  measures: {},
  intervals95: {},
  not_measured: [],
};

interface ReadingProps {
  id: string;
  record: RecordJson;
  update: (record: RecordJson) => void;
}

function Reading({ id, record, update }: ReadingProps) {
  const films = record.images.filter(({ refused }) => !refused);
  const [shown, setShown] = useState(films[0]?.id ?? null);
  /** What keys change is read when the next key is pressed, not when the page is rendered again. */
  const chosen = useSignal<string | null>(null);
  const busy = useSignal(false);
  const asking = useSignal<Asking | null>(null);
  const plan = useSignal<(Plan & { then: Asking }) | null>(null);
  const [undone, setUndone] = useState(0);
  const image = films.find((film) => film.id === shown);
  const corrected = record.images.some(({ corrections = [] }) => corrections.length > 0);

  const choose = useCallback((finding: string | null) => {
    if (finding === chosen.value) return;
    chosen.value = finding;
    // what was drawn on one mark is not done to another
    if (asking.value?.points && asking.value.what !== "add") asking.value = null;
    if (plan.value && plan.value.then.what !== "add") plan.value = null;
  }, []);
  const next = useCallback(
    (step: number) => {
      const ids = image?.findings.map((finding) => finding.id) ?? [];
      if (ids.length === 0) return;
      const place = chosen.value === null ? -1 : ids.indexOf(chosen.value);
      choose(ids[(place + step + ids.length) % ids.length] ?? null);
    },
    [image],
  );
  const findChosen = (): Finding | undefined => image?.findings.find(({ id: name }) => name === chosen.value);
  const finding = findChosen();
  const ask = useCallback(
    (what: Asking["what"], kind: Drawable = "vessel") => {
      const meant = findChosen();
      if (!mayEdit.value || !image) return;
      if (what !== "add" && !meant) return;
      const asked: Asking = { what, kind };
      const drawn = planOf(what, what === "add" ? kind : (meant?.kind ?? kind));
      asking.value = drawn ? null : asked;
      plan.value = drawn ? { ...drawn, then: asked } : null;
    },
    [image],
  );
  const reject = useCallback(() => ask("reject"), [ask]);
  const giveUp = useCallback(() => (plan.value = null), []);
  const drawn = useCallback((points: Point[]) => {
    if (plan.value) asking.value = { ...plan.value.then, points, closed: plan.value.closed };
    plan.value = null;
  }, []);
  const undo = (): Promise<void> => work(() => api.undo(id), TAKEN_BACK);
  const redo = (): Promise<void> => work(() => api.redo(id), CHANGED);
  const more = useMemo<Keys>(
    () => ({
      v: { does: "draw a vessel that was missed", run: () => ask("add", "vessel") },
      g: { does: "draw a net that was missed", run: () => ask("add", "net") },
      c: { does: "draw other calcium that was missed", run: () => ask("add", "focus") },
      e: { does: "erase a part of the chosen mark", run: () => ask("erase") },
      s: { does: "split the chosen mark", run: () => ask("split") },
      j: { does: "join another mark to the chosen one", run: () => ask("join") },
      u: { does: "undo the last change", run: () => mayEdit.value && !busy.value && corrected && void undo() },
      y: { does: "do it again", run: () => mayEdit.value && !busy.value && undone > 0 && void redo() },
    }),
    [ask, undone, record],
  );
  useEffect(() => {
    if (!mayEdit.value) return;
    void api
      .edits(id)
      .then((edits) => setUndone(edits.filter((edit) => edit.undone).length))
      .catch(failed);
  }, [id, record]);

  async function work(what: () => Promise<RecordJson>, said: string): Promise<void> {
    busy.value = true;
    try {
      const changed = await what();
      update(changed);
      const left = changed.images.find((film) => film.id === shown)?.findings ?? [];
      if (!left.some((finding) => finding.id === chosen.value)) choose(null);
      asking.value = null;
      plan.value = null;
      done(said);
    } catch (fault) {
      failed(fault);
    } finally {
      busy.value = false;
    }
  }

  const change = (changed: string, made: Change): Promise<void> =>
    image ? work(() => api.edit(id, image.id, changed, made), CHANGED) : Promise.resolve();

  const tell = (text: string): string => retell(text, record.messages);
  const headline = record.summary.suspicion?.headline;
  const asked = asking.value;
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
                  choose(null);
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
            chosen={chosen.value}
            choose={choose}
            next={next}
            reject={reject}
            more={more}
            plan={plan}
            sketch={asked?.points ? { points: asked.points, closed: asked.closed ?? false } : null}
            drawn={drawn}
            giveUp={giveUp}
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
          <Findings image={image} chosen={chosen.value} choose={choose}>
            {mayEdit.value && DRAWN.has(image.modality) && (
              <div class="row" role="group" aria-label={say("Add what was missed")}>
                {ADDED.map(([kind, label]) => (
                  <button key={kind} type="button" disabled={busy.value} onClick={() => ask("add", kind)}>
                    {say(label)}
                  </button>
                ))}
              </div>
            )}
            {finding && mayEdit.value && (
              <div class="row" role="group" aria-label={say("Correct {finding}", { finding: finding.id })}>
                {DONE.filter(([what]) => CALLED.has(what) || DRAWN.has(image.modality)).map(([what, label]) => (
                  <button key={what} type="button" disabled={busy.value} onClick={() => ask(what)}>
                    {say(label)}
                  </button>
                ))}
              </div>
            )}
            {asked && (asked.what === "add" || finding) && (
              <Why
                key={`${asked.what} ${chosen.value}`}
                asking={asked}
                finding={asked.what === "add" ? null : (finding ?? null)}
                image={image}
                busy={busy.value}
                change={(made) => change(chosen.value ?? "", made)}
                add={(made) => work(() => api.add(id, image.id, made), CHANGED)}
                close={() => (asking.value = null)}
              />
            )}
            <Corrections image={image} tell={tell}>
              {(restored) => (
                <button
                  type="button"
                  disabled={busy.value || !mayEdit.value}
                  onClick={() => void change(restored, { action: "restore", why: say("restored") })}
                >
                  {say("Restore")}
                </button>
              )}
            </Corrections>
            {mayEdit.value && (corrected || undone > 0) && (
              <div class="row">
                <button type="button" disabled={busy.value || !corrected} onClick={() => void undo()}>
                  {say("Undo the last change")}
                </button>
                <button type="button" disabled={busy.value || undone === 0} onClick={() => void redo()}>
                  {say("Do it again")}
                </button>
              </div>
            )}
            {busy.value && <p role="status">{say("The numbers are being worked out anew ...")}</p>}
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
        {corrections.map((correction, number) => (
          <li key={number} class="row">
            <span>
              <Told correction={correction} />
              {correction.by && <span class="quiet"> ({correction.by})</span>}
            </span>
            {(correction.action === "reject" || correction.action === "relabel") && children(correction.finding)}
          </li>
        ))}
      </ul>
      {notes.map((note) => (
        <p key={note}>{tell(note)}</p>
      ))}
    </div>
  );
}

/** What a reader did, in a line. */
function Told({ correction }: { correction: Correction }) {
  const { finding, action, found_as: before, corrected_to: after, other } = correction;
  if (action === "add" && after) return <>{`${finding}: ${say(KINDS[after])}, ${say("added")}`}</>;
  if (action === "split") return <>{say("{finding} was split: {other}", { finding, other: other ?? "" })}</>;
  if (action === "join") return <>{say("{other} was joined to {finding}", { finding, other: other ?? "" })}</>;
  if (action === "erase" && after) return <>{say("a part of {finding} was erased", { finding })}</>;
  return (
    <>
      {finding}: {before && <s>{called(before, correction.detail_before)}</s>}{" "}
      {after ? called(after, correction.detail_after) : say("rejected")}
    </>
  );
}

function called(kind: Finding["kind"], detail: string | null | undefined): string {
  return detail ? `${say(KINDS[kind])} (${nameDetail(detail)})` : say(KINDS[kind]);
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

/** Puts the case of a study into the form, from which it is put back; changes that are there already stay. */
async function openCase(id: string): Promise<void> {
  if (!ofStudy.holds(id)) {
    if (ofStudy.losesAnother() && !confirm(say("The form holds another case: replace it?"))) return;
    await ofStudy.open(id);
  }
  go("case");
}

function Exports({ id }: { id: string }) {
  const spoken = `?lang=${language.value}`;
  return (
    <p class="row exports">
      {mayEdit.value && (
        <button type="button" onClick={() => void openCase(id).catch(failed)}>
          {say("Open its case")}
        </button>
      )}
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
              <span>
                {say(KINDS[finding.kind])}
                {!DRAWN.has(image.modality) && <Detail detail={detailOf(image, finding)} />}
              </span>
              <span class="numbers">{numbersOf(finding)}</span>
            </button>
          </li>
        ))}
      </ul>
      {children}
    </section>
  );
}

function Detail({ detail }: { detail: string | null }) {
  return detail ? <span class="quiet"> {nameDetail(detail)}</span> : null;
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

type Drawable = "vessel" | "net" | "focus";

/** What is asked about before it is done. */
interface Asking {
  what: "reject" | "relabel" | "erase" | "split" | "join" | "add";
  /** Of what is added. */
  kind: Drawable;
  points?: Point[];
  closed?: boolean;
}

const ADDED: [Drawable, string][] = [
  ["vessel", "Add a vessel"],
  ["net", "Add a net"],
  ["focus", "Add other calcium"],
];

const DONE: [Asking["what"], string][] = [
  ["reject", "Reject"],
  ["relabel", "Relabel"],
  ["erase", "Erase a part"],
  ["split", "Split"],
  ["join", "Join"],
];

/** Modalities on which marks can be drawn. */
const DRAWN = new Set(["CR", "DX"]);

/** What can be done with a finding of any image. */
const CALLED = new Set<Asking["what"]>(["reject", "relabel"]);

const MOST_POINTS = 500;

/** What is drawn first, if anything. */
function planOf(what: Asking["what"], kind: Finding["kind"]): Plan | null {
  if (what === "add" && kind === "vessel")
    return { title: "Draw the vessel along its middle", closed: false, least: 2, most: MOST_POINTS };
  if (what === "add") return { title: "Draw round it", closed: true, least: 3, most: MOST_POINTS };
  if (what === "erase") return { title: "Draw round what is to go", closed: true, least: 3, most: MOST_POINTS };
  if (what === "split" && kind === "vessel") return { title: "Where is it split?", closed: false, least: 1, most: 1 };
  if (what === "split") return { title: "Cut from here to there", closed: false, least: 2, most: 2 };
  return null;
}

interface WhyProps {
  asking: Asking;
  /** Null where one is added. */
  finding: Finding | null;
  image: ImageRecord;
  busy: boolean;
  change: (change: Change) => Promise<void>;
  add: (drawn: Drawn) => Promise<void>;
  close: () => void;
}

const REASONS = ["edge of bone", "fold of skin", "vein, not artery", "cloth or dressing", "artefact", "missed"];

const TITLES: Record<Asking["what"], string> = {
  reject: "Reject {finding}",
  relabel: "Relabel {finding}",
  erase: "Erase a part of {finding}",
  split: "Split {finding}",
  join: "Join to {finding}",
  add: "Add what was drawn",
};

function Why({ asking, finding, image, busy, change, add, close }: WhyProps) {
  const { what, kind, points = [] } = asking;
  const alike = image.findings.filter(({ id, kind: other }) => other === finding?.kind && id !== finding.id);
  const [why, setWhy] = useState("");
  const [as, setAs] = useState<string>(finding?.kind ?? kind);
  const [detail, setDetail] = useState(finding ? (detailOf(image, finding) ?? "") : "");
  const [other, setOther] = useState(alike[0]?.id ?? "");
  const [width, setWidth] = useState("");
  const first = useRef<HTMLFormElement>(null);
  useLayoutEffect(() => first.current?.querySelector<HTMLElement>("select, input")?.focus(), []);
  const details = detailsOf(image, as);
  const pixel = image.spacing_mm ? Math.min(...image.spacing_mm) : 1;

  function send(): Promise<void> {
    if (what === "add") {
      const wide = Number(width.replace(",", ".")) / pixel;
      return add({ kind, points, why, ...(kind === "vessel" && wide > 0 ? { width_px: wide } : {}) });
    }
    if (what === "relabel" && DRAWN.has(image.modality)) return change({ action: what, kind: as, why });
    if (what === "relabel") {
      const before = finding ? detailOf(image, finding) : null;
      const told = details.length > 0 && detail !== before ? { detail } : {};
      return change({ action: what, ...(as !== finding?.kind || !told.detail ? { kind: as } : {}), ...told, why });
    }
    if (what === "join") return change({ action: what, other, why });
    return change({ action: what, why, ...(points.length > 0 ? { points } : {}) });
  }

  if (what === "join" && alike.length === 0) {
    return (
      <p class="why" role="status">
        {say("There is no other mark of this kind: relabel one first.")}
      </p>
    );
  }
  return (
    <form
      ref={first}
      class="why"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <h3>{say(TITLES[what], { finding: finding?.id ?? "" })}</h3>
      {what === "relabel" && (
        <label class="entry">
          {say("It is")}
          <select value={as} onChange={(event) => setAs(event.currentTarget.value)}>
            {kindsOf(image, finding).map((name) => (
              <option key={name} value={name}>
                {say(KINDS[name])}
              </option>
            ))}
          </select>
        </label>
      )}
      {what === "relabel" && details.length > 0 && (
        <label class="entry">
          {say(DETAIL_LABELS[image.modality] ?? "Where it lies")}
          <select value={detail} onChange={(event) => setDetail(event.currentTarget.value)}>
            {details.map((name) => (
              <option key={name} value={name}>
                {nameDetail(name)}
              </option>
            ))}
          </select>
        </label>
      )}
      {what === "join" && (
        <label class="entry">
          {say("What is joined")}
          <select value={other} onChange={(event) => setOther(event.currentTarget.value)}>
            {alike.map(({ id }) => (
              <option key={id}>{id}</option>
            ))}
          </select>
        </label>
      )}
      {what === "add" && kind === "vessel" && (
        <label class="entry">
          {say(image.spacing_mm ? "About how wide, mm (2 if empty)" : "About how wide, pixels (8 if empty)")}
          <input inputMode="decimal" pattern="[0-9]*[.,]?[0-9]*" value={width} onInput={(event) => setWidth(event.currentTarget.value)} />
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
          {say(DONE.find(([name]) => name === what)?.[1] ?? "Add")}
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
