/** A line or an outline that a reader draws on the film, with the pointer or with the keyboard alone. */
import { useLayoutEffect, useRef } from "preact/hooks";
import type { Point } from "../record.ts";
import { say } from "../words/say.ts";
import type { Film } from "./film.ts";
import type { Pen } from "./pen.ts";

const CROSS_PX = 12;

interface Props {
  film: Film;
  /** Counts the moves of the picture, so that the drawing moves with it. */
  moves: number;
  /** Its keys are heard by ./keys.ts. */
  pen: Pen;
}

export function Drawing({ film, pen }: Props) {
  const sheet = useRef<HTMLDivElement>(null);
  const { plan } = pen;
  const points = pen.points.value;

  useLayoutEffect(() => sheet.current?.focus(), [pen]);

  function clicked(event: MouseEvent): void {
    const box = sheet.current?.getBoundingClientRect();
    if (box && event.detail < 2) pen.put(film.point(event.clientX - box.left, event.clientY - box.top));
  }

  return (
    <>
      <div
        ref={sheet}
        class="sheet"
        tabIndex={0}
        role="application"
        aria-label={say("Draw on the film: arrows move the cross, Space sets a point, Enter ends, Escape gives up")}
        onClick={clicked}
        onDblClick={() => pen.finish()}
      />
      <Sketch film={film} points={points} closed={plan.closed} cross={pen.cross.value} />
      <div class="drawing" role="group" aria-label={say(plan.title)}>
        <p role="status">
          {say(plan.title)}: {say("{count} points", { count: points.length })}
        </p>
        <p class="quiet hint">{say("Click, or arrows and Space (Shift: finer). Backspace takes a point back.")}</p>
        <p class="row">
          <button type="button" class="main" disabled={points.length < plan.least} onClick={() => pen.finish()}>
            {say("Drawn")}
          </button>
          <button type="button" onClick={() => pen.cancel()}>
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
