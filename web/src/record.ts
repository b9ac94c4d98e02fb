/** The parts of record.json (schema calcinet.record/1) that the page shows. */
import type { Packed } from "./words/message.ts";

export type Point = [number, number];
export type Basis = "calibrated" | "corrected" | "detector" | "user" | "assumed" | "none";

export interface Finding {
  id: string;
  kind: "vessel" | "net" | "focus" | "uptake";
  probability: number | null;
  calibre_mm: number | null;
  calibre_interval_mm: [number, number] | null;
  calibre_class: string | null;
  calibre_px: number | null;
  length_mm: number | null;
  length_px: number | null;
  area_mm2: number | null;
  area_interval_mm2: [number, number] | null;
  upper_limit_mm: number | null;
  volume_mm3: number | null;
  volume_interval_mm3: [number, number] | null;
  area_px: number | null;
  depth_mm: number | null;
  compartment: string;
  side: string | null;
  polyline: Point[];
  outline: Point[];
}

export interface ImageRecord {
  id: string;
  source: string;
  modality: string;
  anatomy: string | null;
  laterality: string | null;
  view: string | null;
  on: string | null;
  shape: number[];
  spacing_mm: [number, number] | null;
  spacing_basis: Basis;
  lengths_hold_if: string | null;
  magnification: number;
  resolvable_mm: number | null;
  statements: string[];
  cautions: string[];
  refused: { reason: string; code: string } | null;
  /** After what readers corrected. */
  findings: Finding[];
  corrections?: Correction[];
  /** Sentences on that, with both values of each number that changed. */
  correction_notes?: string[];
  /** Of a bone scan: which segments were measured. */
  scintigram?: { segments: Segment[] } | null;
  /** Of a mammogram: which arteries have which pattern. */
  breast?: { coarse_arteries: string[]; punctate_arteries: string[] } | null;
  measures: Record<string, number | null>;
  intervals95: Record<string, [number, number]>;
  not_measured: { measure: string; because: string }[];
}

export interface Segment {
  part: string;
  side: "L" | "R";
  density: number | null;
  together: boolean;
  other_side: number | null;
  signs: string[];
}

export interface Correction {
  finding: string;
  action: "reject" | "relabel" | "add" | "erase" | "split" | "join";
  /** Null: a reader added it. */
  found_as: Finding["kind"] | null;
  /** Null: rejected. */
  corrected_to: Finding["kind"] | null;
  /** Beside the kind: compartment, pattern of an artery, segment, or what it is that is no tissue. */
  detail_before?: string | null;
  detail_after?: string | null;
  other: string | null;
  by: string;
}

export interface Question {
  field: string;
  as_given: string;
  likely: string | null;
  text: string;
}

export interface Term {
  finding: string;
  label: string;
  present: boolean | null;
  ratio: [number, number | null, number | null] | null;
  n: [number, number] | null;
  reference: string;
  status: string;
  used: boolean;
  why_not: string | null;
  study: string;
  population: string;
}

export interface Preset {
  name: string;
  label: string;
  value: number;
  reference: string;
}

export interface Advice {
  code: string;
  level: string;
  text: string;
  reference: string;
  kind: string;
  who: string | null;
  how_soon: string | null;
}

export interface RecordJson {
  schema: string;
  summary: {
    /** Null where no case was given. */
    suspicion: { level: string; headline: string; rule: string; reference: string | null } | null;
    sentences: string[];
  };
  images: ImageRecord[];
  meanings: Record<string, { label: string; unit: string }>;
  clinical: {
    questions: Question[];
    derived: { name: string; label: string; value: number | null; unit: string; text: string; flag: string | null }[];
    labs: { name: string; as_given: string; value: number | null; unit: string | null; flag: string | null }[];
    drugs: { name: string; drug: string | null; classes: string[]; matters: string | null; likely: string | null }[];
    /** In the order of the case. */
    photographs?: { id: string; lesion: number; area_cm2: number | null; area_text: string | null }[];
    criteria: Record<string, { label: string; met: boolean | null; level: string | null; why_not: string }>;
  } | null;
  evidence: {
    prior: { value: number; basis: string } | null;
    terms: Term[];
    posterior: { median: number; interval95: [number, number] } | null;
    by_prior: [number, number, number, number][];
    presets: Preset[];
    cautions: string[];
  } | null;
  differential: { name: string; for: string[]; against: string[]; ask: string; reference: string }[];
  advice: Advice[];
  messages: Record<string, Packed>;
}
