/** Lengths on a film, in the unit that its spacing allows, and the badge that says so. */
import type { Basis, ImageRecord, Point } from "../record.ts";

/** Basis of the spacing -> what stands in the badge. */
export const BADGES: Record<Basis, { label: string; note: string }> = {
  calibrated: { label: "mm, calibrated", note: "Calibrated with an object of known size: lengths are those of the patient." },
  corrected: { label: "mm, corrected", note: "The file gives the magnification: lengths are corrected for it." },
  detector: {
    label: "mm at the detector",
    note: "Lengths are those of the shadow on the detector; the limb is a little smaller.",
  },
  user: { label: "mm, as you said", note: "Lengths hold if the pixel size that was given is true." },
  assumed: {
    label: "mm, assumed",
    note: "A picture was exported, and nobody can check its pixel size: lengths hold if the one that was given is true.",
  },
  none: { label: "pixels, size unknown", note: "The file gives no size of a pixel: lengths stay in pixels." },
};

/** Distance of two points; in mm where the spacing is known, else in pixels. */
export function lengthBetween(from: Point, to: Point, spacing: [number, number] | null): { value: number; unit: string } {
  const [row, column] = spacing ?? [1, 1];
  return { value: Math.hypot((to[0] - from[0]) * row, (to[1] - from[1]) * column), unit: spacing ? "mm" : "px" };
}

/** A length as it is read: 12.3 mm, 120 px. */
export function writeLength({ value, unit }: { value: number; unit: string }): string {
  return `${value.toFixed(unit === "mm" ? 1 : 0)} ${unit}`;
}

/** Round lengths for a scale bar that is about a fifth of the picture. */
export function scaleBar(image: ImageRecord, pixelsOfScreen: number, widthOfScreen: number): { length: number; label: string } {
  const size = image.spacing_mm?.[1] ?? 1;
  const wanted = (widthOfScreen / 5 / pixelsOfScreen) * size;
  const power = 10 ** Math.floor(Math.log10(wanted));
  const round = [5, 2, 1].find((step) => step * power <= wanted) ?? 1;
  const value = round * power;
  return { length: (value / size) * pixelsOfScreen, label: `${Number(value.toPrecision(1))} ${image.spacing_mm ? "mm" : "px"}` };
}
