/** The film with its marks, and what can be done with it. */
import type { ReadonlySignal } from "@preact/signals";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { api, type ImageHead } from "../api.ts";
import { failed } from "../parts/notices.tsx";
import type { Finding, ImageRecord, Point } from "../record.ts";
import { say } from "../words/say.ts";
import { Drawing, Sketch } from "./drawing.tsx";
import type { Film, Mode } from "./film.ts";
import { listen, type Keys } from "./keys.ts";
import { BADGES, lengthBetween, scaleBar, writeLength } from "./lengths.ts";
import { Pen, type Plan } from "./pen.ts";
import { readPixels } from "./pixels.ts";

type Left = Mode | "measure";

interface Props {
  study: string;
  image: ImageRecord;
  chosen: string | null;
  choose: (finding: string | null) => void;
  next: (step: number) => void;
  reject: () => void;
  /** What else the page does at a key. */
  more: Keys;
  /** What is being drawn, and what was drawn and waits for its reason. */
  plan: ReadonlySignal<Plan | null>;
  sketch: { points: Point[]; closed: boolean } | null;
  drawn: (points: Point[]) => void;
  giveUp: () => void;
}

const STEP_PX = 40;
const ZOOM = 1.25;
const WINDOW_STEP = 0.1;
const NEAR_PX = 14;

export function Stage({ study, image, chosen, choose, next, reject, more, plan, sketch, drawn, giveUp }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const film = useRef<Film | null>(null);
  const [ready, setReady] = useState(false);
  const [moves, setMoves] = useState(0);
  const [left, setLeft] = useState<Left>("window");
  const [strength, setStrength] = useState(80);
  const [alone, setAlone] = useState(false);
  const [line, setLine] = useState<Point[]>([]);
  const [help, setHelp] = useState(false);
  const heads = useRef<ImageHead | null>(null);
  const [slices, setSlices] = useState(0);
  const [slice, setSlice] = useState<number | null>(null);
  const wasSlice = useRef(false);

  useEffect(() => {
    let gone = false;
    let watcher: ResizeObserver | undefined;
    const open = async (): Promise<void> => {
      const [{ Film: Opened }, head] = await Promise.all([import("./film.ts"), api.imageHead(study, image.id)]);
      const pixels = await readPixels(study, image.id, head, null);
      if (gone || !box.current) return;
      const opened = await Opened.open(box.current, () => setMoves((count) => count + 1));
      film.current = opened;
      await opened.show(`${study}/${image.id}`, pixels);
      setSlices(head.slices?.count ?? 0);
      heads.current = head;
      watcher = new ResizeObserver(() => opened.resize());
      watcher.observe(box.current);
      if (!gone) setReady(true);
    };
    void open().catch(failed);
    return () => {
      gone = true;
      watcher?.disconnect();
      film.current?.close();
      film.current = null;
      heads.current = null;
      wasSlice.current = false;
      setReady(false);
      setLine([]);
      setSlice(null);
      setSlices(0);
    };
  }, [study, image.id]);

  useEffect(() => {
    const [shown, head] = [film.current, heads.current];
    if (!ready || !shown || !head || slices === 0) return;
    let late = false;
    void readPixels(study, image.id, head, slice)
      .then((pixels) => (late ? undefined : shown.show(`${study}/${image.id}/${slice}`, pixels, wasSlice.current)))
      .then(() => (wasSlice.current = slice !== null))
      .catch(failed);
    return () => {
      late = true;
    };
  }, [slice]);

  useEffect(() => {
    if (left !== "measure") film.current?.use(left);
  }, [left, ready]);

  useEffect(() => {
    const finding = image.findings.find(({ id }) => id === chosen);
    if (ready && finding) bringIntoView(film.current, finding, box.current);
  }, [chosen, ready]);

  const keys = useMemo<Keys>(() => {
    const on = (act: (film: Film) => void) => () => film.current && act(film.current);
    const widen = (factor: number, shift: number) =>
      on((shown) => {
        const { low, high } = shown.window;
        const [middle, half] = [(low + high) / 2 + shift * (high - low), ((high - low) / 2) * factor];
        shown.window = { low: middle - half, high: middle + half };
      });
    return {
      w: { does: "left button: window and level", run: () => setLeft("window") },
      p: { does: "left button: pan", run: () => setLeft("pan") },
      z: { does: "left button: zoom", run: () => setLeft("zoom") },
      m: { does: "left button: measure a length", run: () => setLeft("measure") },
      "+": { does: "zoom in", run: on((shown) => shown.zoom(ZOOM)) },
      "-": { does: "zoom out", run: on((shown) => shown.zoom(1 / ZOOM)) },
      "1": { does: "one pixel of the film on one of the screen", run: on((shown) => shown.actualSize()) },
      f: { does: "fit the film", run: on((shown) => shown.reset()) },
      r: { does: "turn right", run: on((shown) => shown.turn(90)) },
      l: { does: "turn left", run: on((shown) => shown.turn(-90)) },
      i: { does: "invert", run: on((shown) => shown.invert()) },
      ArrowLeft: { does: "move left", run: on((shown) => shown.pan(STEP_PX, 0)) },
      ArrowRight: { does: "move right", run: on((shown) => shown.pan(-STEP_PX, 0)) },
      ArrowUp: { does: "move up", run: on((shown) => shown.pan(0, STEP_PX)) },
      ArrowDown: { does: "move down", run: on((shown) => shown.pan(0, -STEP_PX)) },
      "[": { does: "narrower window", run: widen(1 - WINDOW_STEP, 0) },
      "]": { does: "wider window", run: widen(1 + WINDOW_STEP, 0) },
      ",": { does: "darker", run: widen(1, WINDOW_STEP) },
      ".": { does: "brighter", run: widen(1, -WINDOW_STEP) },
      h: { does: "hide or show the marks", run: () => setStrength((now) => (now === 0 ? 80 : 0)) },
      o: { does: "one mark at a time", run: () => setAlone((now) => !now) },
      n: { does: "next mark", run: () => next(1) },
      b: { does: "previous mark", run: () => next(-1) },
      x: { does: "reject the chosen mark", run: reject },
      ...more,
      Escape: {
        does: "close, choose nothing",
        run: () => {
          setHelp(false);
          setLine([]);
          choose(null);
        },
      },
      "?": { does: "these keys", run: () => setHelp((now) => !now) },
    };
  }, [next, reject, choose, more]);
  const keysNow = useRef(keys);
  keysNow.current = keys;
  const pen = useRef<Pen | null>(null);

  /** The pen of what is being drawn: there as soon as there is a plan, before it is rendered. */
  function takePen(): Pen | null {
    const [asked, shown, room] = [plan.value, film.current, box.current];
    if (!asked || !shown || !room) return (pen.current = null);
    if (pen.current?.plan !== asked) {
      pen.current = new Pen(shown, asked, [room.clientWidth / 2, room.clientHeight / 2], drawn, giveUp);
    }
    return pen.current;
  }
  useLayoutEffect(() => listen(() => keysNow.current, takePen), []);

  function point(event: MouseEvent): Point | null {
    if (!film.current || !box.current) return null;
    const { left: x, top: y } = box.current.getBoundingClientRect();
    return film.current.point(event.clientX - x, event.clientY - y);
  }

  function clicked(event: MouseEvent): void {
    const at = point(event);
    if (at) setLine((points) => (points.length === 1 ? [...points, at] : [at]));
  }

  const shown = image.findings.filter(({ id }) => !alone || id === chosen);
  const badge = BADGES[image.spacing_basis];
  const drawing = ready ? takePen() : null;
  return (
    <div class="stage">
      <div class="tools" role="toolbar" aria-label={say("Picture")}>
        <Lefts left={left} set={setLeft} />
        <span class="group">
          <Tool keys={keys} press="-" sign="−" name="Zoom out" />
          <Tool keys={keys} press="+" sign="+" name="Zoom in" />
          <Tool keys={keys} press="1" sign="1:1" name="One to one" />
          <Tool keys={keys} press="f" sign="⤢" name="Fit the film" />
          <Tool keys={keys} press="l" sign="⟲" name="Turn left" />
          <Tool keys={keys} press="r" sign="⟳" name="Turn right" />
          <Tool keys={keys} press="i" sign="◐" name="Invert" />
        </span>
        <label class="fade">
          {say("Marks")}
          <input
            type="range"
            min={0}
            max={100}
            step={5}
            value={strength}
            aria-valuetext={`${strength} %`}
            onInput={(event) => setStrength(Number(event.currentTarget.value))}
          />
        </label>
        <label class="inline">
          <input type="checkbox" checked={alone} onChange={(event) => setAlone(event.currentTarget.checked)} />
          {say("one at a time")}
        </label>
        <Tool keys={keys} press="?" sign="?" name="Keys" />
      </div>
      <div class="screen">
        <div ref={box} class="film" role="img" aria-label={say("The film {image}", { image: image.id })} />
        {ready && film.current && slice === null && (
          <Marks
            film={film.current}
            moves={moves}
            findings={shown}
            chosen={chosen}
            choose={choose}
            strength={strength / 100}
            quiet={left === "measure" || drawing !== null}
          />
        )}
        {ready && film.current && left === "measure" && !drawing && <div class="sheet" onClick={clicked} />}
        {ready && film.current && drawing && <Drawing film={film.current} moves={moves} pen={drawing} />}
        {ready && film.current && sketch && <Sketch film={film.current} points={sketch.points} closed={sketch.closed} />}
        {ready && film.current && <Ruler film={film.current} moves={moves} line={line} image={image} />}
        <span class={`badge ${image.spacing_basis}`} title={say(badge.note)}>
          {say(badge.label)}
        </span>
        {!ready && <p class="wait">{say("The film is being opened ...")}</p>}
        {ready && film.current && <Read film={film.current} moves={moves} />}
        {help && <KeyList keys={keys} close={() => setHelp(false)} />}
      </div>
      {slices > 0 && <Slices count={slices} slice={slice} choose={setSlice} />}
      <p class="quiet note">{say(badge.note)}</p>
    </div>
  );
}

interface SlicesProps {
  count: number;
  slice: number | null;
  choose: (slice: number | null) => void;
}

/** The slices of a CT; marks are drawn on its projection from the front. */
function Slices({ count, slice, choose }: SlicesProps) {
  return (
    <div class="slices">
      <button type="button" aria-pressed={slice === null} onClick={() => choose(null)}>
        {say("From the front")}
      </button>
      <label>
        {slice === null ? say("Slices") : say("Slice {number} of {count}", { number: slice + 1, count })}
        <input
          type="range"
          min={0}
          max={count - 1}
          value={slice ?? 0}
          onInput={(event) => choose(Number(event.currentTarget.value))}
        />
      </label>
    </div>
  );
}

const LEFTS: [Left, string][] = [
  ["window", "Window"],
  ["pan", "Pan"],
  ["zoom", "Zoom"],
  ["measure", "Measure"],
];

function Lefts({ left, set }: { left: Left; set: (mode: Left) => void }) {
  return (
    <span class="group">
      {LEFTS.map(([mode, label]) => (
        <button key={mode} type="button" aria-pressed={left === mode} onClick={() => set(mode)}>
          {say(label)}
        </button>
      ))}
    </span>
  );
}

function Tool({ keys, press, sign, name }: { keys: Keys; press: string; sign: string; name: string }) {
  const spoken = /\w/.test(sign) ? `${say(name)}, ${sign}` : say(name);
  return (
    <button type="button" aria-label={spoken} title={`${say(name)} (${press})`} onClick={() => keys[press]?.run()}>
      {sign}
    </button>
  );
}

interface MarksProps {
  film: Film;
  /** Counts the moves of the picture, so that the marks are drawn again. */
  moves: number;
  findings: Finding[];
  chosen: string | null;
  choose: (finding: string | null) => void;
  strength: number;
  quiet: boolean;
}

function Marks({ film, findings, chosen, choose, strength, quiet }: MarksProps) {
  return (
    <svg class="marks" opacity={strength} aria-hidden="true">
      {findings.map((finding) => {
        const classes = ["mark", finding.kind, finding.id === chosen ? "chosen" : ""];
        const course = finding.polyline.length > 1 ? finding.polyline : finding.outline;
        const closed = finding.polyline.length <= 1;
        const drawn = pathOf(film, course, closed);
        const [x, y] = film.place(course[0] ?? [0, 0]);
        return (
          <g key={finding.id} class={classes.join(" ")} onClick={quiet ? undefined : () => choose(finding.id)}>
            <path class="line" d={drawn} />
            <path class="near" d={drawn} stroke-width={NEAR_PX} />
            <text x={x + 6} y={y - 6}>
              {finding.id}
            </text>
          </g>
        );
      })}
    </svg>
  );
}

function pathOf(film: Film, points: Point[], closed: boolean): string {
  const places = points.map((point) => film.place(point).map((number) => number.toFixed(1)).join(" "));
  return places.length === 0 ? "" : `M${places.join("L")}${closed ? "Z" : ""}`;
}

function Ruler({ film, line, image }: { film: Film; moves: number; line: Point[]; image: ImageRecord }) {
  const [from, to] = line;
  const [x0, y0] = film.place([0, 0]);
  const [x1, y1] = film.place([0, 100]);
  const bar = scaleBar(image, Math.hypot(x1 - x0, y1 - y0) / 100, 640);
  const [a, b] = [from && film.place(from), to && film.place(to)];
  return (
    <>
      <svg class="ruler" aria-hidden="true">
        <g class="bar">
          <path d={`M16 0v8M16 4h${bar.length.toFixed(1)}M${(16 + bar.length).toFixed(1)} 0v8`} />
        </g>
        {a && <circle cx={a[0]} cy={a[1]} r={4} />}
        {a && b && <path class="length" d={`M${a.join(" ")}L${b.join(" ")}`} />}
        {b && <circle cx={b[0]} cy={b[1]} r={4} />}
      </svg>
      <span class="bar-label">{bar.label}</span>
      {from && to && (
        <output class="length-label">
          {writeLength(lengthBetween(from, to, image.spacing_mm))} ({say(BADGES[image.spacing_basis].label)})
        </output>
      )}
    </>
  );
}

function Read({ film }: { film: Film; moves: number }) {
  const { low, high } = film.window;
  return (
    <span class="read">
      {say("window {width}, level {level}", { width: Math.round(high - low), level: Math.round((high + low) / 2) })}
    </span>
  );
}

function KeyList({ keys, close }: { keys: Keys; close: () => void }) {
  return (
    <div class="keys" role="dialog" aria-label={say("Keys")}>
      <button type="button" onClick={close} aria-label={say("Close")}>
        ×
      </button>
      <dl>
        {Object.entries(keys).map(([key, { does }]) => (
          <div key={key}>
            <dt>
              <kbd>{key.replace("Arrow", "")}</kbd>
            </dt>
            <dd>{say(does)}</dd>
          </div>
        ))}
      </dl>
      <p class="quiet">{say("Middle button: pan. Right button: zoom. Two fingers: zoom.")}</p>
    </div>
  );
}

function bringIntoView(film: Film | null, finding: Finding, box: HTMLElement | null): void {
  const course = finding.polyline.length > 1 ? finding.polyline : finding.outline;
  const middle = course[Math.floor(course.length / 2)];
  if (!film || !box || !middle) return;
  const [x, y] = film.place(middle);
  const inside = x > 0 && y > 0 && x < box.clientWidth && y < box.clientHeight;
  if (!inside) film.centre(middle);
}
