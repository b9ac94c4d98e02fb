import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { defineConfig, type Plugin } from "vite";

const CATALOGUE = resolve(import.meta.dirname, "../src/calcinet/report/locale/zh_Hant.po");
const PHRASES = "virtual:phrases";
const LITERATURE = resolve(import.meta.dirname, "../src/calcinet/references.toml");
const REFERENCES = "virtual:references";

/** Joins the quoted lines of one entry of a .po file. */
function joinLines(block: string): string {
  return [...block.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map((line) => JSON.parse(`"${line[1]}"`) as string).join("");
}

/** The translated messages of a .po file by their English; both forms of a counted message mean the same. */
function readPhrases(text: string): Record<string, string> {
  const phrases: Record<string, string> = { " ": "" }; // Chinese sets no space between sentences
  for (const entry of text.split(/\n\n+/)) {
    if (/^#,.*fuzzy/m.test(entry)) continue;
    const part = (key: string): string => {
      const found = new RegExp(`^${key} ((?:".*"\\n?)+)`, "m").exec(entry);
      return found ? joinLines(found[1] ?? "") : "";
    };
    const told = part("msgstr") || part("msgstr\\[0\\]");
    for (const english of [part("msgid"), part("msgid_plural")]) {
      if (english && told) phrases[english] = told;
    }
  }
  return phrases;
}

/** The tables of references.toml, each a few lines `key = "text"`. */
function readReferences(text: string): Record<string, Record<string, string>> {
  const references: Record<string, Record<string, string>> = {};
  for (const table of text.split(/^\[/m).slice(1)) {
    const fields = [...table.matchAll(/^(\w+) = ("(?:[^"\\]|\\.)*")/gm)];
    const key = table.slice(0, table.indexOf("]"));
    references[key] = Object.fromEntries(fields.map((field) => [field[1], JSON.parse(field[2] ?? "") as string]));
  }
  return references;
}

/** A module whose value is read from one of the package's own files, so that a thing is said in one place. */
function dataFrom(name: string, file: string, read: (text: string) => object): Plugin {
  return {
    name,
    resolveId: (id) => (id === name ? `\0${name}` : null),
    load(id) {
      if (id !== `\0${name}`) return null;
      this.addWatchFile(file);
      return `export default JSON.parse(${JSON.stringify(JSON.stringify(read(readFileSync(file, "utf-8"))))});`;
    },
  };
}

export default defineConfig({
  base: "./",
  plugins: [dataFrom(PHRASES, CATALOGUE, readPhrases), dataFrom(REFERENCES, LITERATURE, readReferences)],
  resolve: { alias: { xmlbuilder2: resolve(import.meta.dirname, "src/viewer/no_xml.ts") } },
  build: {
    outDir: "../src/calcinet/apps/web/page",
    emptyOutDir: true,
    target: "es2022",
    assetsInlineLimit: 0, // the page's policy allows no data: addresses
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 6000, // the viewer is loaded when a film is opened
    license: { fileName: "licences.md" },
  },
  server: { proxy: { "/api": "http://127.0.0.1:8000" } },
});
