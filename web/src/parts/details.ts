/** What is said of a finding beside its kind: where it lies, or of an artery how its calcium looks. */
import type { Finding, ImageRecord, Segment } from "../record.ts";
import { say } from "../words/say.ts";

/** Modality -> what is asked. */
export const DETAIL_LABELS: Record<string, string> = {
  CT: "Where it lies",
  NM: "Where it lies",
  MG: "How its calcium looks",
};

const COMPARTMENTS = ["artery", "muscle", "subcutis", "skin", "bone overlap", "unknown"];
const PATTERNS = ["punctate", "coarse"];
const NO_TISSUE = ["injection site", "urine contamination", "outside the body"];

const WORDS: Record<string, { label: string }> = {
  artery: { label: "in arteries" },
  muscle: { label: "in muscle" },
  subcutis: { label: "in the subcutis" },
  skin: { label: "in the skin" },
  "bone overlap": { label: "at bone" },
  unknown: { label: "elsewhere" },
  punctate: { label: "punctate" },
  coarse: { label: "coarse or tram-track" },
  "injection site": { label: "likely injection site" },
  "urine contamination": { label: "likely urine on the skin" },
  "outside the body": { label: "bag, catheter or contamination beside the body" },
};

/** A detail in the reader's language: `L thigh` is "left thigh". */
export function nameDetail(detail: string): string {
  const known = WORDS[detail];
  if (known) return say(known.label);
  const [side, ...part] = detail.split(" ");
  return say("{side} {part}", { side: say(side === "L" ? "left" : "right"), part: say(part.join(" ")) });
}

/** What a finding can be called, beside what it is called now. */
export function kindsOf(image: ImageRecord, finding: Finding | null): Finding["kind"][] {
  if (image.modality === "NM") return ["uptake"];
  const own = finding ? [finding.kind] : [];
  if (image.modality === "MG") return [...new Set<Finding["kind"]>([...own, "focus"])];
  if (image.modality === "CT") return [...new Set<Finding["kind"]>([...own, "vessel", "focus"])];
  return ["vessel", "net", "focus"];
}

/** What can be said beside the kind. */
export function detailsOf(image: ImageRecord, kind: string): string[] {
  if (image.modality === "CT") return COMPARTMENTS;
  if (image.modality === "MG") return kind === "vessel" ? PATTERNS : [];
  if (image.modality !== "NM") return [];
  const measured = (image.scintigram?.segments ?? []).filter(({ density, together }) => density !== null && !together);
  return [...measured.map(nameSegment), ...NO_TISSUE];
}

/** What is said beside its kind now; null where nothing is. */
export function detailOf(image: ImageRecord, finding: Finding): string | null {
  if (image.modality === "CT") return finding.compartment;
  if (image.breast?.coarse_arteries.includes(finding.id)) return "coarse";
  if (image.breast?.punctate_arteries.includes(finding.id)) return "punctate";
  const signed = (image.scintigram?.segments ?? []).filter(({ signs }) => signs.length > 0);
  signed.sort((one, other) => (other.other_side ?? 0) - (one.other_side ?? 0)); // as findings are ordered
  const segment = signed[image.findings.indexOf(finding)];
  return segment ? nameSegment(segment) : null;
}

function nameSegment({ side, part }: Segment): string {
  return `${side} ${part}`;
}
