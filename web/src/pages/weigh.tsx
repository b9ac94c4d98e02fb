/** Weighing: the pre-test probability by a slider, findings on and off, each weight with its study. */
import { useMemo } from "preact/hooks";
import { answer, prior } from "../case/answer.ts";
import { caseIsEmpty, patient, valueAt, write } from "../case/case.ts";
import { Probability } from "../parts/verdict.tsx";
import { Citation } from "../parts/source.tsx";
import type { RecordJson, Term } from "../record.ts";
import { link } from "../route.ts";
import { retell, say } from "../words/say.ts";

/** Ends of the slider, in probabilities; it moves evenly in log-odds. */
const LOWEST = 0.0001;
const HIGHEST = 0.95;
const STEPS = 400;
const FIRST = 0.1;

const logit = (chance: number): number => Math.log(chance / (1 - chance));
const chanceOf = (odds: number): number => 1 / (1 + Math.exp(-odds));

function placeOf(chance: number): number {
  return Math.round(((logit(chance) - logit(LOWEST)) / (logit(HIGHEST) - logit(LOWEST))) * STEPS);
}

function chanceAt(place: number): number {
  const chance = chanceOf(logit(LOWEST) + (place / STEPS) * (logit(HIGHEST) - logit(LOWEST)));
  return Number(chance.toPrecision(2));
}

export function WeighPage() {
  const { record, fault } = answer.value;
  return (
    <>
      <h1>{say("Weigh")}</h1>
      {caseIsEmpty.value && (
        <p>
          {say("There is nothing to weigh yet.")} <a href={link("case")}>{say("Write the case first")}</a>
        </p>
      )}
      {fault && <p class="fault">{say(fault)}</p>}
      {record && <Weighing record={record} />}
    </>
  );
}

function Weighing({ record }: { record: RecordJson }) {
  const evidence = record.evidence;
  if (!evidence) return <p>{say("Nothing in this case is weighed.")}</p>;
  return (
    <div class="weigh">
      <section class="card">
        <h2>{say("Pre-test probability")}</h2>
        <label>
          {say("Before any finding of the list, how likely is it to you?")}
          <input
            type="range"
            min={0}
            max={STEPS}
            value={placeOf(prior.value ?? FIRST)}
            aria-valuetext={prior.value === null ? say("not stated") : say("{value:.2g}", { value: prior.value })}
            onInput={(event) => (prior.value = chanceAt(Number(event.currentTarget.value)))}
          />
        </label>
        <p class="row">
          <output class="big">{prior.value === null ? say("not stated") : say("{value:.2g}", { value: prior.value })}</output>
          <button type="button" disabled={prior.value === null} onClick={() => (prior.value = null)}>
            {say("None")}
          </button>
        </p>
        {evidence.presets.length > 0 && (
          <label>
            {say("Or a published figure")}
            <select
              value=""
              onChange={(event) => {
                const chosen = evidence.presets.find(({ name }) => name === event.currentTarget.value);
                if (chosen) prior.value = chosen.value;
              }}
            >
              <option value="">{say("choose")}</option>
              {evidence.presets.map((preset) => (
                <option key={preset.name} value={preset.name}>
                  {say("{value:.2g}", { value: preset.value })}: {retell(preset.label, record.messages)}
                </option>
              ))}
            </select>
          </label>
        )}
        <Probability record={record} />
        <Curve rows={evidence.by_prior} />
        <ul class="plain quiet">
          {evidence.cautions.map((caution) => (
            <li key={caution}>{retell(caution, record.messages)}</li>
          ))}
        </ul>
      </section>
      <section class="card">
        <h2>{say("Findings")}</h2>
        <Switch finding="net_like" at="net_like" modality="film" label="Net-like calcification on a film" />
        <Switch finding="bone_scan" at="uptake" modality="bone scan" label="Soft-tissue uptake on a bone scan" />
        <h3>{say("Weights")}</h3>
        <ul class="terms">
          {evidence.terms.map((term) => (
            <Weight key={term.finding} term={term} record={record} />
          ))}
        </ul>
      </section>
    </div>
  );
}

interface SwitchProps {
  finding: string;
  at: string;
  modality: string;
  label: string;
}

/** A finding of an image, switched in the case itself, so that form and weighing never differ. */
function Switch({ finding, at, modality, label }: SwitchProps) {
  const images = (valueAt(patient.value, "imaging") as Record<string, unknown>[] | undefined) ?? [];
  const place = images.findIndex((image) => image["modality"] === modality);
  const value = place < 0 ? undefined : images[place]?.[at];
  const put = (truth: boolean | undefined): void => {
    if (place >= 0) write(`imaging.${place}.${at}`, truth);
    else if (truth !== undefined) write(`imaging.${images.length}`, { modality, site: "leg", [at]: truth });
  };
  return (
    <fieldset class="entry yesno">
      <legend>{say(label)}</legend>
      <span class="segments">
        {([true, false, undefined] as const).map((truth) => (
          <label key={String(truth)}>
            <input type="radio" name={finding} checked={value === truth} onChange={() => put(truth)} />
            <span>{say(truth === undefined ? "not stated" : truth ? "yes" : "no")}</span>
          </label>
        ))}
      </span>
    </fieldset>
  );
}

function Weight({ term, record }: { term: Term; record: RecordJson }) {
  const [median, low, high] = term.ratio ?? [null, null, null];
  const present = term.present === null ? "not stated" : term.present ? "present" : "absent";
  return (
    <li class={term.used ? "term used" : "term"}>
      <details>
        <summary>
          <span>{retell(term.label, record.messages)}</span>
          <span class="ratio">
            {say(present)} · {median === null ? "–" : `× ${say("{median:.2g}", { median })}`}
          </span>
        </summary>
        {low !== null && (
          <p>
            {high === null
              ? say("Likelihood ratio with its 95 % interval: {low:.2g} and more", { low })
              : say("Likelihood ratio with its 95 % interval: {low:.2g} to {high:.2g}", { low, high })}
          </p>
        )}
        {term.n && <p>{say("{cases} cases, {controls} controls", { cases: term.n[0], controls: term.n[1] })}</p>}
        <p>{retell(term.population, record.messages)}</p>
        <p>{term.used ? say("It is weighed.") : retell(term.why_not ?? "", record.messages)}</p>
        <Citation reference={term.reference} />
      </details>
    </li>
  );
}

const WIDE = 320;
const TALL = 220;
const EDGE = 34;

/** Post-test over pre-test probability with its interval, as the record gives it: rows of prior, median, low, high. */
function Curve({ rows }: { rows: [number, number, number, number][] }) {
  const drawn = useMemo(() => rows.filter(([before]) => before >= LOWEST && before <= HIGHEST), [rows]);
  if (drawn.length < 2) return null;
  const x = (chance: number): number =>
    EDGE + ((logit(chance) - logit(LOWEST)) / (logit(HIGHEST) - logit(LOWEST))) * (WIDE - EDGE - 8);
  const y = (chance: number): number => TALL - EDGE - chance * (TALL - EDGE - 8);
  const at = ([before]: number[], after: number | undefined): string =>
    `${x(before ?? LOWEST).toFixed(1)} ${y(after ?? 0).toFixed(1)}`;
  const upper = drawn.map((row) => at(row, row[3]));
  const lower = drawn.map((row) => at(row, row[2])).reverse();
  return (
    <figure class="curve">
      <svg viewBox={`0 0 ${WIDE} ${TALL}`} role="img" aria-label={say("Post-test over pre-test probability, with its 95 % interval")}>
        {[0, 0.25, 0.5, 0.75, 1].map((chance) => (
          <g key={chance}>
            <path class="grid" d={`M${EDGE} ${y(chance)}H${WIDE - 8}`} />
            <text x={EDGE - 4} y={y(chance) + 4} text-anchor="end">
              {chance}
            </text>
          </g>
        ))}
        {[0.0001, 0.001, 0.01, 0.1, 0.5, 0.9].map((chance) => (
          <text key={chance} x={x(chance)} y={TALL - EDGE + 14} text-anchor="middle">
            {chance}
          </text>
        ))}
        <path class="band" d={`M${upper.join("L")}L${lower.join("L")}Z`} />
        <path class="middle" d={`M${drawn.map((row) => at(row, row[1])).join("L")}`} />
        {prior.value !== null && <path class="now" d={`M${x(prior.value)} ${y(0)}V${y(1)}`} />}
      </svg>
      <figcaption>{say("Pre-test probability across, post-test up; the band is the 95 % interval.")}</figcaption>
    </figure>
  );
}
