/** Follow-up: which studies are of one patient, and what changed between them. */
import { useEffect, useState } from "preact/hooks";
import { api, timelinePage, type Study, type Timeline } from "../api.ts";
import { failed } from "../parts/notices.tsx";
import { link } from "../route.ts";
import { writeDay, writeNumber } from "../words/message.ts";
import { language, phrase, say } from "../words/say.ts";

const SHOWN_OF_PSEUDONYM = 10;

export function FollowPage() {
  const [studies, setStudies] = useState<Study[] | null>(null);
  const [chosen, setChosen] = useState<Set<string>>(new Set());
  const [course, setCourse] = useState<{ ids: string[]; timeline: Timeline } | null>(null);
  const [fault, setFault] = useState("");
  const [busy, setBusy] = useState(false);

  useEffect(() => {
    void api
      .listStudies()
      .then((all) => setStudies(all.filter(({ state }) => state === "done")))
      .catch(failed);
  }, []);

  function toggle(ids: string[], on: boolean): void {
    const now = new Set(chosen);
    for (const id of ids) {
      if (on) now.add(id);
      else now.delete(id);
    }
    setChosen(now);
  }

  async function show(event: Event): Promise<void> {
    event.preventDefault();
    const ids = [...chosen];
    setBusy(true);
    setFault("");
    setCourse(null);
    try {
      setCourse({ ids, timeline: await api.timeline(ids) });
    } catch (problem) {
      setFault(problem instanceof Error ? problem.message : String(problem));
    } finally {
      setBusy(false);
    }
  }

  const patients = groupByPatient(studies ?? []);
  return (
    <>
      <h1>{say("Follow-up")}</h1>
      <form class="card" onSubmit={(event) => void show(event)}>
        <p>{say("Choose the studies of one patient; each needs its day (examined on, in its case).")}</p>
        {studies?.length === 0 && <p>{say("No study is examined yet.")}</p>}
        {patients.map(([patient, own]) => (
          <fieldset key={patient} class="visits">
            <legend>
              {patient
                ? say("Patient {pseudonym}", { pseudonym: patient.slice(0, SHOWN_OF_PSEUDONYM) })
                : say("Patient not named by the files")}
            </legend>
            {own.map((study) => (
              <label key={study.id} class="inline">
                <input
                  type="checkbox"
                  checked={chosen.has(study.id)}
                  onChange={(event) => toggle([study.id], event.currentTarget.checked)}
                />
                {study.title || study.id.slice(0, 8)} <span class="quiet">{writeDay(study.made_at, phrase.value)}</span>{" "}
                <a href={link("studies", study.id)}>{say("Open")}</a>
              </label>
            ))}
            {patient && own.length > 1 && (
              <button type="button" onClick={() => toggle(own.map(({ id }) => id), true)}>
                {say("All of them")}
              </button>
            )}
          </fieldset>
        ))}
        <p class="row">
          <button class="main" type="submit" disabled={busy || chosen.size < 2}>
            {say("Show the time line")}
          </button>
        </p>
        {busy && <p role="status">{say("The time line is being made ...")}</p>}
        {fault && (
          <p class="fault" role="alert">
            {say(fault)}
          </p>
        )}
      </form>
      {course && <Course ids={course.ids} timeline={course.timeline} />}
    </>
  );
}

function Course({ ids, timeline }: { ids: string[]; timeline: Timeline }) {
  const page = timelinePage(ids, language.value);
  const judged = timeline.quantities.some(({ changes }) => changes.some(({ called }) => called === "none"));
  const changed = timeline.quantities.filter(({ changes }) => changes.some(({ called }) => called === "up" || called === "down"));
  return (
    <section class="card" aria-label={say("Time line")}>
      <h2>{say("Time line")}</h2>
      <ul class="plain">
        {changed.map((quantity) => (
          <li key={`${quantity.name} ${quantity.side} ${quantity.place}`}>{tellChange(quantity, timeline)}</li>
        ))}
        {changed.length === 0 && judged && <li>{say("Nothing that was measured twice changed beyond its error.")}</li>}
      </ul>
      <p class="row">
        <a class="button" href={page} target="_blank" rel="noopener">
          {say("Open it alone, for printing")}
        </a>
      </p>
      <iframe class="timeline" src={page} title={say("Time line")} sandbox="" />
    </section>
  );
}

/** Both values of the last change of a quantity that is beyond its error. */
function tellChange({ label, unit, points, changes }: Timeline["quantities"][number], { records }: Timeline): string {
  const last = changes.filter(({ called }) => called === "up" || called === "down").at(-1);
  const at = (day: number | undefined): string => {
    const number = records.find((record) => record.day === day)?.number;
    const value = points.find(({ record }) => record === number)?.value;
    return value === undefined ? "?" : writeNumber(value, ".3g");
  };
  return say(last?.called === "up" ? "{what} rose: {first} to {last} {unit}" : "{what} fell: {first} to {last} {unit}", {
    what: say(label),
    first: at(last?.from),
    last: at(last?.to),
    unit: unit === "1" ? "" : unit,
  });
}

/** Studies by pseudonym, those with several first; those of nobody known last. */
function groupByPatient(studies: Study[]): [string, Study[]][] {
  const groups = new Map<string, Study[]>();
  for (const study of studies) groups.set(study.patient, [...(groups.get(study.patient) ?? []), study]);
  return [...groups].sort(([a, one], [b, other]) => Number(a === "") - Number(b === "") || other.length - one.length);
}
