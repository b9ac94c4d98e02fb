/** A line or an outline that a reader draws on the film, with the pointer or with the keyboard alone. */
import { useEffect, useRef, useState } from "preact/hooks";
import type { Point } from "../record.ts";
import { say } from "../words/say.ts";
import type { Film } from "./film.ts";

/** What is to be drawn. */
export interface Plan {
  /** What it is for, as a message. */
  title: string;
  /** An outline, which is closed; else a line. */
  closed: boolean;
  /** Points that it has at least, and at most. */
  least: number;
  most: number;
}

const STEP_PX = 12;
const FINE_PX = 1;
const CROSS_PX = 12;

interface Props {
  film: Film;
  /** Counts the moves of the picture, so that the drawing moves with it. */
  moves: number;
  plan: Plan;
  done: (points: Point[]) => void;
  cancel: () => void;
}

export function Drawing({ film, plan, done, cancel }: Props) {
  const sheet = useRef<HTMLDivElement>(null);
  const [points, setPoints] = useState<Point[]>([]);
  const [cross, setCross] = useState<Point | null>(null);

  useEffect(() => {
    const box = sheet.current;
    if (!box) return;
    box.focus();
    setCross(film.point(box.clientWidth / 2, box.clientHeight / 2));
  }, [film, plan]);

  function put(point: Point): void {
    const more = [...points, point];
    if (more.length >= plan.most) done(more);
    else setPoints(more);
  }

  function finish(): void {
    if (points.length >= plan.least) done(points);
  }

  function move(x: number, y: number): void {
    if (!cross) return;
    const [left, top] = film.place(cross);
    setCross(film.point(left + x, top + y));
  }

  function pressed(event: KeyboardEvent): void {
    const step = event.shiftKey ? FINE_PX : STEP_PX;
    const acts: Record<string, () => void> = {
      ArrowLeft: () => move(-step, 0),
      ArrowRight: () => move(step, 0),
      ArrowUp: () => move(0, -step),
      ArrowDown: () => move(0, step),
      " ": () => cross && put(cross),
      Backspace: () => setPoints((now) => now.slice(0, -1)),
      Enter: finish,
      Escape: cancel,
    };
    const act = acts[event.key];
    if (!act || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  }

  function clicked(event: MouseEvent): void {
    const box = sheet.current?.getBoundingClientRect();
    if (box && event.detail < 2) put(film.point(event.clientX - box.left, event.clientY - box.top));
  }

  return (
    <>
      <div
        ref={sheet}
        class="sheet"
        tabIndex={0}
        role="application"
        aria-label={say("Draw on the film: arrows move the cross, Space sets a point, Enter ends, Escape gives up")}
        onKeyDown={pressed}
        onClick={clicked}
        onDblClick={finish}
      />
      <Sketch film={film} points={points} closed={plan.closed} cross={cross} />
      <div class="drawing" role="group" aria-label={say(plan.title)}>
        <p role="status">
          {say(plan.title)}: {say("{count} points", { count: points.length })}
        </p>
        <p class="quiet hint">{say("Click, or arrows and Space (Shift: finer). Backspace takes a point back.")}</p>
        <p class="row">
          <button type="button" class="main" disabled={points.length < plan.least} onClick={finish}>
            {say("Drawn")}
          </button>
          <button type="button" onClick={cancel}>
            {say("Cancel")}
          </button>
        </p>
      </div>
    </>
  );
}

interface SketchProps {
  film: Film;
  points: Point[];
  closed: boolean;
  cross?: Point | null;
}

/** What was drawn so far. */
export function Sketch({ film, points, closed, cross }: SketchProps) {
  const places = points.map((point) => film.place(point));
  const path = places.map((place) => place.map((number) => number.toFixed(1)).join(" ")).join("L");
  const at = cross ? film.place(cross) : null;
  return (
    <svg class="sketch" aria-hidden="true">
      {path && <path d={`M${path}${closed && points.length > 2 ? "Z" : ""}`} />}
      {places.map(([x, y], number) => (
        <circle key={number} cx={x} cy={y} r={3.5} />
      ))}
      {at && (
        <path
          class="cross"
          d={`M${at[0] - CROSS_PX} ${at[1]}h${2 * CROSS_PX}M${at[0]} ${at[1] - CROSS_PX}v${2 * CROSS_PX}`}
        />
      )}
    </svg>
  );
}
