/** The server's interface, /api/v1: every call of the page goes through here. */
import { computed, signal } from "@preact/signals";
import type { Basis, Point, RecordJson } from "./record.ts";
import type { Packed } from "./words/message.ts";
import { language, retell, say } from "./words/say.ts";

const ROOT = "api/v1";
const NO_ANSWER = "The server does not answer. Is it still running?";
const STOPPED = "This was stopped before it was worked out.";

/** What went wrong, in a sentence for the reader. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    message: string,
    /** Of a case that is malformed: place -> what is wrong there. */
    readonly places: { field: string; text: string }[] = [],
  ) {
    super(message);
  }
}

export interface Session {
  user: string;
  role: string;
  sites: string[];
  csrf: string;
}

export interface User {
  name: string;
  role: string;
  /** Whose studies are shown to this user; none: those of no site. An admin sees all. */
  sites: string[];
}

/** What waits for one archive, and what it refused for good. */
export interface Box {
  address: string;
  waiting: Boxed[];
  refused: Boxed[];
}

/** One object of the outbox. */
export interface Boxed {
  uid: string;
  kind: string | null;
  bytes: number;
  since: string;
  tried: number;
  /** The last answer. */
  because: string;
}

export type State = "queued" | "running" | "done" | "failed" | "cancelled";

export interface Study {
  id: string;
  state: State;
  /** Fraction that is done, 0 to 1. */
  progress: number;
  reason: string | null;
  /** Of the reason: its message and values, as in a record. */
  messages?: Record<string, Packed>;
  title: string;
  /** Pseudonym; empty where the films name nobody. */
  patient: string;
  made_at: string;
  /** What is being done. */
  stage: string | null;
  level: string | null;
}

/** Who is logged in; null before. */
export const session = signal<Session | null>(null);

async function call(method: string, path: string, body?: FormData | Blob | object, signal?: AbortSignal): Promise<Response> {
  const headers: Record<string, string> = { Accept: "application/json", "Accept-Language": language.value };
  if (session.value && method !== "GET") headers["X-CSRF-Token"] = session.value.csrf;
  const request: RequestInit = { method, headers, credentials: "same-origin" };
  if (signal) request.signal = signal;
  if (body instanceof FormData || body instanceof Blob) {
    request.body = body;
  } else if (body) {
    headers["Content-Type"] = "application/json";
    request.body = JSON.stringify(body);
  }
  let answer: Response;
  try {
    answer = await fetch(`${ROOT}/${path}`, request);
  } catch (fault) {
    if (signal?.aborted) throw fault;
    throw new Refused(0, NO_ANSWER);
  }
  if (!answer.ok) throw await refusal(answer);
  return answer;
}

async function refusal(answer: Response): Promise<Refused> {
  if (answer.status === 401) session.value = null;
  try {
    const { detail, places } = (await answer.json()) as { detail?: unknown; places?: { field: string; text: string }[] };
    if (typeof detail === "string") return new Refused(answer.status, detail, places);
    if (Array.isArray(detail)) return new Refused(answer.status, "The case cannot be read.", detail.map(placeOf));
  } catch {
    // no JSON: the status is all there is
  }
  return new Refused(answer.status, say("The server refused this ({status}).", { status: answer.status }));
}

function placeOf(item: { loc?: (string | number)[]; msg?: string; field?: string; text?: string }): {
  field: string;
  text: string;
} {
  return { field: item.field ?? (item.loc ?? []).join("."), text: item.text ?? item.msg ?? "" };
}

async function json<T>(method: string, path: string, body?: FormData | object, signal?: AbortSignal): Promise<T> {
  return (await (await call(method, path, body, signal)).json()) as T;
}

/** Addresses that the browser opens by itself. */
export function address(study: string, what: string): string {
  return `${ROOT}/studies/${encodeURIComponent(study)}/${what}`;
}

function listStudies(studies: string[]): string {
  return studies.map((study) => `study=${encodeURIComponent(study)}`).join("&");
}

/** Where a sign-in with the provider begins. */
export const signIn = `${ROOT}/sign-in/start`;

/** Where the page of a time line is. */
export function timelinePage(studies: string[], language: string): string {
  return `${ROOT}/timelines/page.html?${listStudies(studies)}&lang=${language}`;
}

/** Whether who is logged in may send and correct. */
export const mayEdit = computed(() => session.value !== null && session.value.role !== "reader");

/** Whether who is logged in lets people in. */
export const mayManage = computed(() => session.value?.role === "admin");

/** The site that what is sent belongs to; asked of who belongs to several. */
export const site = signal("");

/** True where nobody is known to the server yet. */
export const firstVisit = signal(false);

export const api = {
  async whoAmI(): Promise<void> {
    try {
      session.value = await json<Session>("GET", "session");
    } catch (fault) {
      if (!(fault instanceof Refused) || fault.status !== 401) throw fault;
      firstVisit.value = (await json<{ needed: boolean }>("GET", "setup")).needed;
    }
  },
  async logIn(name: string, password: string): Promise<void> {
    session.value = await json<Session>("POST", "session", { name, password });
  },
  /** Makes the first user; the key is the end of the link that the server printed. */
  async setUp(name: string, password: string, key: string): Promise<void> {
    session.value = await json<Session>("POST", "setup", { name, password, key });
    firstVisit.value = false;
  },
  /** Chooses a password by the key of an invitation, and logs in. */
  async accept(key: string, password: string): Promise<void> {
    session.value = await json<Session>("POST", "invitations/accept", { key, password });
    firstVisit.value = false;
  },
  /** What stands on the button of the provider that vouches for users; null where there is none. */
  provider: async () => (await json<{ label: string | null }>("GET", "sign-in")).label,
  users: () => json<User[]>("GET", "users"),
  /** Without sites those of before stay. */
  invite: (name: string, role: string, sites?: string[]) =>
    json<{ key: string }>("POST", "invitations", { name, role, ...(sites ? { sites } : {}) }),
  changeSites: (name: string, sites: string[]) => call("PUT", `users/${encodeURIComponent(name)}/sites`, { sites }),
  changeRole: (name: string, role: string) => call("PATCH", `users/${encodeURIComponent(name)}`, { role }),
  shutOut: (name: string) => call("DELETE", `users/${encodeURIComponent(name)}`),

  async logOut(): Promise<void> {
    await call("DELETE", "session");
    session.value = null;
  },

  listStudies: () => json<Study[]>("GET", "studies"),
  study: (id: string) => json<Study>("GET", `studies/${id}`),
  record: (id: string) => json<RecordJson>("GET", `studies/${id}/record`),
  cancel: (id: string) => call("POST", `studies/${id}/cancel`),
  retry: (id: string) => call("POST", `studies/${id}/retry`),
  remove: (id: string) => call("DELETE", `studies/${id}`),

  /** Sends files as one study, with the fields that are not empty and the photographs of the case by their names in it;
   * `told` hears which fraction has gone. */
  addStudy(
    files: File[],
    fields: Record<string, string>,
    told: (fraction: number) => void,
    photographs: [string, Blob][] = [],
  ): Promise<{ id: string }> {
    const form = new FormData();
    if (site.value && session.value?.sites.includes(site.value)) form.append("site", site.value);
    for (const [name, content] of photographs) form.append("photographs", content, name);
    for (const file of files) form.append("files", file, file.webkitRelativePath || file.name);
    for (const [name, value] of Object.entries(fields)) if (value.trim()) form.append(name, value);
    return upload("studies", form, told);
  },

  /** Changes one finding, with the reason; gives the record as it is then. */
  edit: (study: string, image: string, finding: string, change: Change) =>
    recordAfter(study, "PATCH", `studies/${study}/images/${image}/findings/${finding}`, change),
  /** Adds a mark that was drawn. */
  add: (study: string, image: string, drawn: Drawn) =>
    recordAfter(study, "POST", `studies/${study}/images/${image}/findings`, drawn),
  edits: (study: string) => json<Edit[]>("GET", `studies/${study}/edits`),
  undo: (study: string) => recordAfter(study, "POST", `studies/${study}/undo`),
  redo: (study: string) => recordAfter(study, "POST", `studies/${study}/redo`),

  /** The case of a study as YAML or JSON; refused with 404 where it has none. */
  caseOf: async (study: string) => (await call("GET", `studies/${study}/case`)).text(),
  putCase: (study: string, given: object) => call("PUT", `studies/${study}/case`, given),
  /** A photograph by its name in the case, photographs/photo-1a2b3c4d.jpg. */
  photograph: async (study: string, name: string) => (await call("GET", `studies/${study}/${name}`)).blob(),
  putPhotograph: (study: string, name: string, picture: Blob) => call("PUT", `studies/${study}/${name}`, picture),

  outbox: () => json<Box[]>("GET", "outbox"),
  sendAgain: (address: string, uids: string[]) => json<Box[]>("POST", "outbox/retry", { address, uids }),
  dropObjects: (address: string, uids: string[]) => json<Box[]>("POST", "outbox/drop", { address, uids }),

  /** Images that can be looked at, also while they are examined. */
  images: (study: string) => json<ShownImage[]>("GET", `studies/${study}/images`),

  /** What the pixels of an image mean. */
  imageHead: (study: string, image: string) => json<ImageHead>("GET", `studies/${study}/images/${image}`),

  /** Grey values of an image, 16 bits each, row by row; of a CT one slice, else its projection from the front. */
  async pixels(study: string, image: string, slice: number | null): Promise<ArrayBuffer> {
    const query = slice === null ? "" : `?slice=${slice}`;
    return (await call("GET", `studies/${study}/images/${image}/pixels${query}`)).arrayBuffer();
  },

  /** Studies on one time line. */
  timeline: (studies: string[]) => json<Timeline>("GET", `timelines?${listStudies(studies)}`),

  assess(given: object, prior: number | null, signal?: AbortSignal): Promise<RecordJson> {
    const query = prior === null ? "" : `?prior=${prior}`;
    return json<RecordJson>("POST", `cases/assess${query}`, given, signal);
  },
};

const STILL_WORKED_OUT = 202;
const LOOK_AGAIN_MS = 1000;

/** The record once the server has worked a change out; where that takes long, it is asked again and again. */
async function recordAfter(study: string, method: string, path: string, body?: object): Promise<RecordJson> {
  const answer = await call(method, path, body);
  if (answer.status !== STILL_WORKED_OUT) return (await answer.json()) as RecordJson;
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
    const { state, reason, messages } = await api.study(study);
    if (state === "done") return api.record(study);
    if (state !== "queued" && state !== "running") throw new Refused(409, reason === null ? STOPPED : retell(reason, messages));
  }
}

/** Rows and columns of a plane; a value is slope * pixel + intercept, and more attenuation is a larger value. */
export interface PlaneHead {
  rows: number;
  columns: number;
  type: "uint16" | "int16";
  slope: number;
  intercept: number;
  window: { low: number; high: number };
}

export interface ShownImage extends ImageHead {
  id: string;
  spacing_mm: [number, number] | null;
  spacing_basis: Basis;
  modality: string;
}

export interface ImageHead extends PlaneHead {
  slices: (PlaneHead & { count: number }) | null;
}

/** What a reader changes of a finding. */
export interface Change {
  action: "reject" | "relabel" | "restore" | "erase" | "split" | "join";
  kind?: string;
  /** Beside the kind, or alone: compartment, pattern of an artery, segment, or what it is that is no tissue. */
  detail?: string;
  points?: Point[];
  other?: string;
  why: string;
}

/** A mark that a reader draws: the line of a vessel, the outline of anything else. */
export interface Drawn {
  kind: string;
  points: Point[];
  width_px?: number;
  why: string;
}

/** The part of timeline.json (schema calcinet.timeline/1) that the page shows itself. */
export interface Timeline {
  /** `day`: days after the first record. */
  records: { number: number; day: number }[];
  quantities: {
    name: string;
    label: string;
    unit: string;
    side: string | null;
    place: string;
    points: { record: number; value: number }[];
    changes: { from: number; to: number; called: "up" | "down" | "none" | "unknown" }[];
  }[];
  messages?: Record<string, Packed>;
}

/** What was corrected, when and by whom. */
export interface Edit {
  finding: string;
  action: string;
  who: string;
  at: string;
  why: string;
  undone: boolean;
}

/** `fetch` cannot tell how much has gone; XMLHttpRequest can. */
function upload<T>(path: string, form: FormData, told: (fraction: number) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", `${ROOT}/${path}`);
    if (session.value) request.setRequestHeader("X-CSRF-Token", session.value.csrf);
    request.upload.onprogress = (event) => told(event.loaded / Math.max(event.total, 1));
    request.onerror = () => reject(new Refused(0, NO_ANSWER));
    request.onload = () => {
      const body = new Response(request.responseText, { status: request.status });
      if (body.ok) resolve(body.json() as Promise<T>);
      else void refusal(body).then(reject);
    };
    request.send(form);
  });
}
