/** Help: what to do, step by step, with pictures drawn here. */
import { say } from "../words/say.ts";

interface Step {
  title: string;
  text: string;
  picture: () => preact.JSX.Element;
}

const STEPS: Step[] = [
  {
    title: "Give the films",
    text: "Drop films, a folder, a zip or a CT series of one patient on the page of studies. The list shows what waits, what is being examined and what is ready; it is still there after a reload.",
    picture: () => (
      <>
        <rect class="paper" x="10" y="46" width="140" height="44" rx="6" />
        <path class="ink dashed" d="M18 54h124v28h-124z" />
        <path class="ink" d="M80 8v32M70 30l10 12l10-12" />
        <rect class="ink" x="64" y="8" width="32" height="18" rx="2" />
      </>
    ),
  },
  {
    title: "Look at the marks",
    text: "Choose a finding in the list or on the film: both show the same one. Fade the marks, or see one at a time, and look at the film without them before you believe them.",
    picture: () => (
      <>
        <rect class="film-frame" x="10" y="6" width="84" height="88" rx="4" />
        <path class="bone" d="M40 6v88M66 6v88" />
        <path class="vessel-line" d="M30 10c10 20-6 40 4 80" />
        <rect class="paper" x="102" y="14" width="50" height="14" rx="3" />
        <rect class="paper chosen" x="102" y="34" width="50" height="14" rx="3" />
        <rect class="paper" x="102" y="54" width="50" height="14" rx="3" />
      </>
    ),
  },
  {
    title: "Mind the size of a pixel",
    text: "The badge on the film says what a length means: calibrated, corrected, at the detector, as you said, or pixels alone. Lengths follow it.",
    picture: () => (
      <>
        <rect class="film-frame" x="10" y="6" width="140" height="88" rx="4" />
        <path class="ink light" d="M26 76h60M26 70v12M86 70v12" />
        <rect class="badge-box" x="92" y="14" width="50" height="16" rx="8" />
        <path class="ink light" d="M100 22h34" />
      </>
    ),
  },
  {
    title: "Correct what is wrong",
    text: "Reject a mark that is none, or say what it is instead, with a reason. The numbers and the report are worked out anew; who changed what and why is kept, and the last change can be taken back.",
    picture: () => (
      <>
        <rect class="film-frame" x="10" y="6" width="84" height="88" rx="4" />
        <path class="vessel-line faint" d="M30 10c10 20-6 40 4 80" />
        <path class="ink bad" d="M20 36l28 28M48 36l-28 28" />
        <path class="ink" d="M108 40h36a12 12 0 0 1 0 24h-26M124 32l-12 8l12 8" />
      </>
    ),
  },
  {
    title: "Write the case",
    text: "Ten things first, the rest on demand. Click lesions on the body, paste laboratory results as they are printed, type drugs as on the chart. Nothing is guessed: what cannot be right comes back as a question beside its field. The answer comes while you type.",
    picture: () => (
      <>
        <circle class="ink" cx="34" cy="18" r="9" />
        <path class="ink" d="M22 30h24l-3 30h-18zM27 60v32M41 60v32M22 32l-8 26M46 32l8 26" />
        <circle class="spot" cx="28" cy="78" r="5" />
        <path class="ink" d="M72 20h76M72 38h76M72 56h50" />
        <rect class="paper chosen" x="72" y="68" width="76" height="22" rx="4" />
      </>
    ),
  },
  {
    title: "Weigh and report",
    text: "Set your own pre-test probability by the slider, switch findings on and off, open the study behind each weight. The report, its PDF and the objects for the hospital's systems are one click away on each study.",
    picture: () => (
      <>
        <path class="ink" d="M14 88V10M14 88h136" />
        <path class="band" d="M14 86C60 80 90 40 150 16V46C100 66 70 84 14 87z" />
        <path class="vessel-line" d="M14 87C70 80 90 54 150 30" />
      </>
    ),
  },
];

export function HelpPage() {
  return (
    <>
      <h1>{say("Help")}</h1>
      <ol class="help">
        {STEPS.map(({ title, text, picture }) => (
          <li key={title} class="card">
            <svg viewBox="0 0 160 100" aria-hidden="true">
              {picture()}
            </svg>
            <div>
              <h2>{say(title)}</h2>
              <p>{say(text)}</p>
            </div>
          </li>
        ))}
      </ol>
      <section class="card">
        <h2>{say("Keys of the viewer")}</h2>
        <p>
          {say("Press ? on a film for all of them. W, P, Z and M choose what the left button does; + and - zoom, 1 is one to one, F fits, R and L turn, I inverts, H hides the marks, N and B go from mark to mark, X rejects.")}
        </p>
      </section>
      <section class="card">
        <h2>{say("What it is not")}</h2>
        <p>
          {say("calcinet marks, measures, cites and shows its uncertainty. It makes no diagnosis, and no validated score for this disease exists. What it marks, a radiologist looks at.")}
        </p>
      </section>
    </>
  );
}
