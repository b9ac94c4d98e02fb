/** What a reader draws, point by point: its state is read and changed at once, before anything is rendered. */
import { signal } from "@preact/signals";
import type { Point } from "../record.ts";

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

/** The part of a film that a pen needs: between points of the image and places of the element. */
export interface Paper {
  place: (point: Point) => [number, number];
  point: (x: number, y: number) => Point;
}

const STEP_PX = 12;
const FINE_PX = 1;

export interface Press {
  key: string;
  shiftKey: boolean;
}

export class Pen {
  readonly points = signal<Point[]>([]);
  readonly cross = signal<Point>([0, 0]);

  readonly plan: Plan;
  readonly cancel: () => void;
  private readonly paper: Paper;
  private readonly done: (points: Point[]) => void;

  /** `middle` is where the cross is first, in the element. */
  constructor(
    paper: Paper,
    plan: Plan,
    middle: [number, number],
    done: (points: Point[]) => void,
    cancel: () => void,
  ) {
    this.paper = paper;
    this.plan = plan;
    this.done = done;
    this.cancel = cancel;
    this.cross.value = paper.point(...middle);
  }

  put(point: Point): void {
    const more = [...this.points.value, point];
    this.points.value = more;
    if (more.length >= this.plan.most) this.done(more);
  }

  finish(): void {
    if (this.points.value.length >= this.plan.least) this.done(this.points.value);
  }

  private move(x: number, y: number): void {
    const [left, top] = this.paper.place(this.cross.value);
    this.cross.value = this.paper.point(left + x, top + y);
  }

  /** Does what a key stands for while one draws; tells whether it stands for anything. */
  press({ key, shiftKey }: Press): boolean {
    const step = shiftKey ? FINE_PX : STEP_PX;
    const acts: Record<string, () => void> = {
      ArrowLeft: () => this.move(-step, 0),
      ArrowRight: () => this.move(step, 0),
      ArrowUp: () => this.move(0, -step),
      ArrowDown: () => this.move(0, step),
      " ": () => this.put(this.cross.value),
      Backspace: () => (this.points.value = this.points.value.slice(0, -1)),
      Enter: () => this.finish(),
      Escape: () => this.cancel(),
    };
    const act = acts[key];
    act?.();
    return act !== undefined;
  }
}
