/** The answer to a case: level, what is urgent, probability, next steps, each with its source. */
import type { Advice, RecordJson } from "../record.ts";
import { retell, say } from "../words/say.ts";
import { Source } from "./source.tsx";

const HEADLINE_STEPS = 5;

export function Verdict({ record }: { record: RecordJson }) {
  const tell = (text: string): string => retell(text, record.messages);
  const urgent = record.advice.filter(({ kind }) => kind === "urgent");
  const others = record.advice.filter(({ kind }) => kind !== "urgent");
  const { suspicion } = record.summary;
  return (
    <>
      {suspicion && <p class={`level ${suspicion.level}`}>{tell(suspicion.headline)}</p>}
      {urgent.length > 0 && (
        <ul class="urgent">
          {urgent.map((step) => (
            <Step key={step.code} step={step} tell={tell} />
          ))}
        </ul>
      )}
      <Probability record={record} />
      <Questions record={record} />
      {others.length > 0 && (
        <>
          <h3>{say("Next steps")}</h3>
          <ol class="steps">
            {others.slice(0, HEADLINE_STEPS).map((step) => (
              <Step key={step.code} step={step} tell={tell} />
            ))}
          </ol>
          {others.length > HEADLINE_STEPS && (
            <details>
              <summary>{say("{count} more", { count: others.length - HEADLINE_STEPS })}</summary>
              <ol class="steps" start={HEADLINE_STEPS + 1}>
                {others.slice(HEADLINE_STEPS).map((step) => (
                  <Step key={step.code} step={step} tell={tell} />
                ))}
              </ol>
            </details>
          )}
        </>
      )}
      {suspicion && (
        <details>
          <summary>{say("Why this level")}</summary>
          <p>{tell(suspicion.rule)}</p>
          {suspicion.reference && <Source reference={suspicion.reference} />}
        </details>
      )}
      {record.differential.length > 0 && <Others record={record} tell={tell} />}
    </>
  );
}

function Step({ step, tell }: { step: Advice; tell: (text: string) => string }) {
  const when = [step.who ? tell(step.who) : null, step.how_soon ? say(step.how_soon) : null].filter(Boolean).join(", ");
  return (
    <li>
      {tell(step.text)} {when && <strong>({when})</strong>} <Source reference={step.reference} />
    </li>
  );
}

export function Probability({ record }: { record: RecordJson }) {
  const prior = record.evidence?.prior?.value;
  const posterior = record.evidence?.posterior;
  if (prior === undefined || prior === null || !posterior) {
    return <p class="quiet">{say("No pre-test probability is set, so none is given after the test.")}</p>;
  }
  const [low, high] = posterior.interval95;
  return (
    <p class="probability">
      {say("Pre-test {prior:.2g}, post-test", { prior })} <strong>{say("{value:.2f}", { value: posterior.median })}</strong>{" "}
      {say("(95 % interval {low:.2f} to {high:.2f})", { low, high })}
    </p>
  );
}

function Questions({ record }: { record: RecordJson }) {
  const asked = record.clinical?.questions ?? [];
  if (asked.length === 0) return null;
  return (
    <details>
      <summary>{say("Questions to you: {count}", { count: asked.length })}</summary>
      <ul class="plain">
        {asked.map(({ text }) => (
          <li key={text}>{retell(text, record.messages)}</li>
        ))}
      </ul>
    </details>
  );
}

function Others({ record, tell }: { record: RecordJson; tell: (text: string) => string }) {
  return (
    <details>
      <summary>{say("What else it could be")}</summary>
      <dl class="others">
        {record.differential.map((disease) => (
          <div key={disease.name}>
            <dt>{tell(disease.name)}</dt>
            {disease.for.map((reason) => (
              <dd key={reason} class="for">
                + {tell(reason)}
              </dd>
            ))}
            {disease.against.map((reason) => (
              <dd key={reason} class="against">
                − {tell(reason)}
              </dd>
            ))}
            {disease.ask && <dd>? {tell(disease.ask)}</dd>}
          </div>
        ))}
      </dl>
    </details>
  );
}
