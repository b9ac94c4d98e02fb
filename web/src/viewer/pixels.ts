/** The grey values of an image as the server sends them. */
import { api, type ImageHead } from "../api.ts";
import type { Pixels } from "./film.ts";

/** Reads one plane of an image: the film, or a slice of a CT. */
export async function readPixels(study: string, image: string, head: ImageHead, slice: number | null): Promise<Pixels> {
  const plane = slice === null || head.slices === null ? head : head.slices;
  const bytes = await api.pixels(study, image, slice);
  const values = plane.type === "int16" ? new Int16Array(bytes) : new Uint16Array(bytes);
  if (values.length !== plane.rows * plane.columns) throw new Error("The pixels of this image are not whole.");
  const { rows, columns, slope, intercept, window } = plane;
  return { rows, columns, values, slope, intercept, low: window.low, high: window.high };
}
