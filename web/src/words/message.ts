/** Messages with named places, as the report writes them: "{count} of {all}", "{mm:.1f} mm", "{names:, }", "{where:^}". */

export type Value = string | number | boolean | null | Packed | { date: string } | Value[];

/** What a record says about one of its sentences. */
export interface Packed {
  message: string;
  values: Record<string, Value>;
}

/** Gives a message in another language, or itself. */
export type Phrase = (message: string) => string;

const BETWEEN = ", ";
const CAPITAL = "^";
const DAY = "{date} {month} {year}";
const MONTHS = "January February March April May June July August September October November December".split(" ");

/** Writes a message in a language. */
export function fill(message: string, values: Record<string, Value>, phrase: Phrase): string {
  return phrase(message).replace(/\{\{|\}\}|\{(\w+)(?::([^{}]*))?\}/g, (place, name?: string, form?: string) => {
    if (name === undefined) return place.charAt(0);
    const value = values[name];
    return value === undefined ? place : write(value, form ?? "", phrase);
  });
}

function write(value: Value, form: string, phrase: Phrase): string {
  if (value === null) return "None";
  if (typeof value === "number") return writeNumber(value, form);
  if (typeof value === "boolean") return value ? "True" : "False";
  if (Array.isArray(value)) return value.map((item) => write(item, "", phrase)).join(phrase(form || BETWEEN));
  if (typeof value === "object" && "date" in value) return writeDay(value.date, phrase);
  const told = typeof value === "string" ? phrase(value) : fill(value.message, value.values, phrase);
  return form === CAPITAL ? told.charAt(0).toUpperCase() + told.slice(1) : told;
}

/** Writes a day long: 9 March 2026. */
export function writeDay(day: string, phrase: Phrase): string {
  const [year = "", month = "1", date = "1"] = day.slice(0, 10).split("-");
  const number = Number(month);
  return fill(DAY, { date: Number(date), month: MONTHS[number - 1] ?? month, number, year }, phrase);
}

/** Writes a number by a form of Python: .2f, .2g, g, d, .0%, and "," for groups. */
export function writeNumber(value: number, form: string): string {
  const parts = /^(,)?(?:\.(\d+))?([defg%])?$/.exec(form);
  const [, groups, digits, kind] = parts ?? [];
  if (kind === "f") return group(value.toFixed(Number(digits ?? 6)), groups);
  if (kind === "%") return `${group((100 * value).toFixed(Number(digits ?? 6)), groups)}%`;
  if (kind === "e") return value.toExponential(Number(digits ?? 6));
  if (kind === "d" || (!kind && Number.isInteger(value))) return group(String(value), groups);
  return group(general(value, Number(digits ?? 6) || 1), groups);
}

/** As %g: so many digits, no zeros at the end, an exponent where it is shorter. */
function general(value: number, digits: number): string {
  if (value === 0) return "0";
  const exponent = Number(value.toExponential(digits - 1).split("e")[1]);
  if (exponent < -4 || exponent >= digits) {
    const [mantissa = "", power = "0"] = value.toExponential(digits - 1).split("e");
    const size = Math.abs(Number(power));
    return `${trim(mantissa)}e${Number(power) < 0 ? "-" : "+"}${String(size).padStart(2, "0")}`;
  }
  return trim(value.toFixed(Math.max(digits - 1 - exponent, 0)));
}

function trim(text: string): string {
  return text.includes(".") ? text.replace(/0+$/, "").replace(/\.$/, "") : text;
}

function group(text: string, groups: string | undefined): string {
  return groups ? text.replace(/^(-?\d+)/, (whole) => whole.replace(/\B(?=(\d{3})+$)/g, ",")) : text;
}
