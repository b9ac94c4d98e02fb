/** Laboratory results as a hospital prints them, line by line. Nothing is guessed: a value goes on as it is printed. */

export interface Result {
  name: string;
  value: string;
  low?: number;
  high?: number;
  flag?: "H" | "L" | "N";
}

export interface Pasted {
  results: Result[];
  /** Lines in which no result was found. */
  rest: string[];
}

const WORDS =
  /^(.+?)[\s:]+(negative|positive|normal|unremarkable|not detected|detected|weakly positive|equivocal|high|low)\b\.?$/i;
const NUMBER = /^(.+?)[\s:]+([<>≤≥]?\s*\d+(?:[.,]\d+)?)\s*(.*)$/;
const RANGE = /[[(]?\s*(\d+(?:\.\d+)?)\s*(?:-|–|to)\s*(\d+(?:\.\d+)?)\s*[\])]?/;
const FLAG = /(?:^|\s)\(?(HH?|LL?|N|high|low|↑|↓|\*H|\*L)\)?(?=\s|$)/i;

/** Reads what was pasted; the parts of a line are parted by blanks, tabs, or colons. */
export function readPasted(text: string): Pasted {
  const results: Result[] = [];
  const rest: string[] = [];
  for (const line of text.split(/\r?\n|;/)) {
    const plain = line.replace(/\t+/g, "  ").trim();
    if (!plain) continue;
    const result = readLine(plain);
    if (result) results.push(result);
    else rest.push(plain);
  }
  return { results, rest };
}

function readLine(line: string): Result | null {
  const word = WORDS.exec(line);
  if (word && !/\d/.test(word[1] ?? "")) return { name: nameOf(word[1]), value: word[2] ?? "" };
  const found = NUMBER.exec(line);
  if (!found) return null;
  let tail = found[3] ?? "";
  const result: Result = { name: nameOf(found[1]), value: "" };
  const range = RANGE.exec(tail.replace(/10\s*[\^*x×]\s*\d+/gi, (power) => "#".repeat(power.length)));
  if (range) {
    result.low = Number(range[1]);
    result.high = Number(range[2]);
    tail = `${tail.slice(0, range.index)} ${tail.slice(range.index + range[0].length)}`;
  }
  const flag = FLAG.exec(tail);
  if (flag) {
    const letter = flagOf(flag[1] ?? "");
    if (letter) result.flag = letter;
    tail = tail.replace(flag[0], " ");
  }
  result.value = `${(found[2] ?? "").replace(/\s+/g, "")} ${tail.replace(/\s+/g, " ").trim()}`.trim();
  return result.name ? result : null;
}

function nameOf(text: string | undefined): string {
  return (text ?? "").replace(/[\s:,.]+$/, "").replace(/\s+/g, " ").trim();
}

function flagOf(text: string): Result["flag"] {
  if (/h|↑/i.test(text)) return "H";
  if (/l|↓/i.test(text)) return "L";
  return "N";
}
