/** Photographs of a lesion: two points of a ruler give the scale, an outline the area. */
import { useRef, useState } from "preact/hooks";
import { failed } from "../parts/notices.tsx";
import type { Point } from "../record.ts";
import { Pen, type Paper, type Plan } from "../viewer/pen.ts";
import { retell, say } from "../words/say.ts";
import { answer } from "./answer.ts";
import { givenCase, patient, valueAt, write } from "./case.ts";
import { hold, namesOf, newName, pictures, type Picture } from "./pictures.ts";

type Part = "ruler" | "outline";

const PLANS: Record<Part, Plan> = {
  ruler: { title: "Two points of the ruler", closed: false, least: 2, most: 2 },
  outline: { title: "Outline of the lesion", closed: true, least: 3, most: 200 },
};

/** Our choice: what most paper rulers of wound care show at least. */
const USUAL_CM = 5;

interface Ruler {
  start: Point;
  end: Point;
  cm: number;
}

interface Photograph {
  file: string;
  ruler?: Ruler;
  outline?: Point[];
}

/** Those of the lesion at a place of the case. */
export function Photographs({ under }: { under: string }) {
  const chooser = useRef<HTMLInputElement>(null);
  const at = `${under}.photographs`;
  const given = valueAt(patient.value, at);
  const entries = Array.isArray(given) ? (given as Photograph[]) : [];

  async function add(file: File | undefined): Promise<void> {
    if (!file) return;
    const name = newName();
    await hold(name, file);
    write(`${at}.${entries.length}`, { file: name });
  }

  return (
    <div class="photographs">
      {entries.map((entry, number) => (
        <PhotographBox key={entry.file} at={`${at}.${number}`} entry={entry} number={number} />
      ))}
      <p class="row">
        <button type="button" onClick={() => chooser.current?.click()}>
          + {say("Photograph")}
        </button>
        <span class="quiet">{say("With a ruler beside the lesion it gives its area.")}</span>
      </p>
      <input
        ref={chooser}
        hidden
        class="photograph-file"
        type="file"
        accept="image/jpeg,image/png"
        onChange={(event) => {
          const box = event.currentTarget;
          void add(box.files?.[0]).catch(failed);
          box.value = "";
        }}
      />
    </div>
  );
}

interface BoxProps {
  at: string;
  entry: Photograph;
  number: number;
}

function PhotographBox({ at, entry, number }: BoxProps) {
  const picture = pictures.value[entry.file];
  const name = say("Photograph {number}", { number: number + 1 });
  return (
    <fieldset class="photograph">
      <legend>{name}</legend>
      {picture ? <Measured at={at} entry={entry} picture={picture} name={name} /> : <Lost at={at} />}
      <button type="button" class="away" onClick={() => write(at, undefined)}>
        {say("Take away {what}", { what: name })}
      </button>
    </fieldset>
  );
}

/** After a reload, and of a case file, the picture is not here. */
function Lost({ at }: { at: string }) {
  const chooser = useRef<HTMLInputElement>(null);

  async function replace(file: File | undefined): Promise<void> {
    if (!file) return;
    const name = newName();
    await hold(name, file);
    write(`${at}.file`, name);
  }

  return (
    <>
      <p class="question">{say("The picture is not in this window: choose it again, or take it away.")}</p>
      <button type="button" onClick={() => chooser.current?.click()}>
        {say("Choose it again")}
      </button>
      <input
        ref={chooser}
        hidden
        type="file"
        accept="image/jpeg,image/png"
        onChange={(event) => void replace(event.currentTarget.files?.[0]).catch(failed)}
      />
    </>
  );
}

interface MeasuredProps {
  at: string;
  entry: Photograph;
  picture: Picture;
  name: string;
}

function Measured({ at, entry, picture, name }: MeasuredProps) {
  const stage = useRef<HTMLDivElement>(null);
  const [drawing, setDrawing] = useState<{ part: Part; pen: Pen } | null>(null);
  const [cm, setCm] = useState(entry.ruler?.cm ?? USUAL_CM);
  const longest = Math.max(picture.width, picture.height);

  /** Places in the element, and shares of the longer side: right, down. */
  const paper: Paper = {
    place: ([x, y]) => [x * scale(), y * scale()],
    point: (x, y) => [share(x / scale(), picture.width / longest), share(y / scale(), picture.height / longest)],
  };

  function scale(): number {
    const box = stage.current?.getBoundingClientRect();
    return box ? Math.max(box.width, box.height) : 1;
  }

  function keep(part: Part, points: Point[]): void {
    if (part === "outline") write(`${at}.outline`, points);
    else write(`${at}.ruler`, { start: points[0], end: points[1], cm });
    setDrawing(null);
  }

  function begin(part: Part): void {
    const box = stage.current?.getBoundingClientRect();
    const middle: [number, number] = box ? [box.width / 2, box.height / 2] : [0, 0];
    const pen = new Pen(paper, PLANS[part], middle, (points) => keep(part, points), () => setDrawing(null));
    setDrawing({ part, pen });
    stage.current?.focus();
  }

  function clicked(event: MouseEvent): void {
    const box = stage.current?.getBoundingClientRect();
    if (drawing && box && event.detail < 2) drawing.pen.put(paper.point(event.clientX - box.left, event.clientY - box.top));
  }

  function pressed(event: KeyboardEvent): void {
    if (!drawing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (drawing.pen.press(event)) event.preventDefault();
  }

  function changeCm(typed: number): void {
    setCm(typed);
    if (entry.ruler && typed > 0 && typed <= 100) write(`${at}.ruler.cm`, typed);
  }

  const plan = drawing ? PLANS[drawing.part] : null;
  return (
    <>
      <div
        ref={stage}
        class={drawing ? "photo-stage drawn-on" : "photo-stage"}
        tabIndex={drawing ? 0 : -1}
        role={drawing ? "application" : "group"}
        aria-label={
          drawing
            ? say("{what}: arrows move the cross, Space sets a point, Enter ends, Escape gives up", { what: say(plan?.title ?? "") })
            : name
        }
        onClick={clicked}
        onDblClick={() => drawing?.pen.finish()}
        onKeyDown={pressed}
      >
        <img src={picture.url} width={picture.width} height={picture.height} alt={name} draggable={false} />
        <Lines picture={picture} entry={entry} drawing={drawing} />
      </div>
      {drawing && plan ? (
        <div class="photo-drawing" role="group" aria-label={say(plan.title)}>
          <p role="status">
            {say(plan.title)}: {say("{count} points", { count: drawing.pen.points.value.length })}
          </p>
          <p class="quiet">{say("Click, or arrows and Space (Shift: finer). Backspace takes a point back.")}</p>
          <p class="row">
            <button
              type="button"
              class="main"
              disabled={drawing.pen.points.value.length < plan.least}
              onClick={() => drawing.pen.finish()}
            >
              {say("Drawn")}
            </button>
            <button type="button" onClick={() => setDrawing(null)}>
              {say("Cancel")}
            </button>
          </p>
        </div>
      ) : (
        <>
          <p class="row">
            <button type="button" onClick={() => begin("ruler")}>
              {say(entry.ruler ? "Mark the ruler again" : "Mark the ruler")}
            </button>
            <label class="inline">
              {say("cm between its two points")}
              <input
                class="ruler-cm"
                type="number"
                min={0.1}
                max={100}
                step="any"
                value={cm || ""}
                onInput={(event) => changeCm(Number(event.currentTarget.value))}
              />
            </label>
            <button type="button" onClick={() => begin("outline")}>
              {say(entry.outline ? "Outline the lesion again" : "Outline the lesion")}
            </button>
            <a class="button" href={picture.url} download={entry.file.split("/").at(-1)}>
              {say("Save the picture")}
            </a>
          </p>
          <Area entry={entry} />
        </>
      )}
    </>
  );
}

function share(value: number, most: number): number {
  return Math.round(Math.min(Math.max(value, 0), most) * 1e4) / 1e4;
}

interface LinesProps {
  picture: Picture;
  entry: Photograph;
  drawing: { part: Part; pen: Pen } | null;
}

/** What is marked, in thousandths of the longer side. */
function Lines({ picture, entry, drawing }: LinesProps) {
  const longest = Math.max(picture.width, picture.height);
  const [width, height] = [picture.width, picture.height].map((side) => (1000 * side) / longest);
  const [x, y] = drawing?.pen.cross.value ?? [0, 0];
  return (
    <svg class="photo-lines" viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
      {entry.ruler && drawing?.part !== "ruler" && <Line part="ruler" points={[entry.ruler.start, entry.ruler.end]} />}
      {entry.outline && drawing?.part !== "outline" && <Line part="outline" points={entry.outline} closed />}
      {drawing && <Line part={drawing.part} points={drawing.pen.points.value} />}
      {drawing && <path class="cross" d={`M${1000 * x - 18} ${1000 * y}h36M${1000 * x} ${1000 * y - 18}v36`} />}
    </svg>
  );
}

function Line({ part, points, closed = false }: { part: Part; points: Point[]; closed?: boolean }) {
  const places = points.map(([x, y]) => [1000 * x, 1000 * y] as const);
  const path = `M${places.map((place) => place.map((number) => number.toFixed(1)).join(" ")).join("L")}${closed ? "Z" : ""}`;
  return (
    <g class={part}>
      {places.length > 1 && <path class="under" d={path} />}
      {places.length > 1 && <path d={path} />}
      {places.map(([x, y], number) => (
        <circle key={number} cx={x} cy={y} r={part === "ruler" ? 6 : 4} />
      ))}
    </g>
  );
}

/** The area as the server works it out, and how; else what is missing for it. */
function Area({ entry }: { entry: Photograph }) {
  const { record } = answer.value;
  const place = namesOf(givenCase.value).indexOf(entry.file);
  const told = record?.clinical?.photographs?.[place]?.area_text;
  const missing = missingFor(entry);
  return (
    <p class={told && !missing ? "area" : "quiet"} role="status">
      {missing ? say(missing) : told ? retell(told, record.messages) : ""}
    </p>
  );
}

function missingFor(entry: Photograph): string | null {
  if (!entry.ruler && !entry.outline) return "Mark two points of the ruler and outline the lesion: the area follows.";
  if (!entry.ruler) return "The outline has no scale yet: mark two points of the ruler.";
  if (!entry.outline) return "The scale is known: outline the lesion for its area.";
  return null;
}
