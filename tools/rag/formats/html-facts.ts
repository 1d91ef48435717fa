/** What a page's head says of the page: title, language, date, author, address. */
import { oneLine } from "../../../core/text/cut.ts";
import type { Attributes } from "./html-furniture.ts";

type Fact = "updated" | "author" | "url" | "title";

/** The better first. */
const NAMES: readonly (readonly [name: string, fact: Fact])[] = [
  ["article:modified_time", "updated"],
  ["og:updated_time", "updated"],
  ["last-modified", "updated"],
  ["dcterms.modified", "updated"],
  ["datemodified", "updated"],
  ["revised", "updated"],
  ["article:published_time", "updated"],
  ["dcterms.date", "updated"],
  ["dc.date", "updated"],
  ["date", "updated"],
  ["author", "author"],
  ["dcterms.creator", "author"],
  ["dc.creator", "author"],
  ["og:url", "url"],
  ["og:title", "title"],
];

/** Collects them from the page's elements; `title` is what its `<title>` holds. */
export function createFacts() {
  const said = new Map<string, string>();
  let language: string | undefined;
  return {
    see: (name: string, attributes: Attributes): void => {
      if (name === "html") language ??= attributes["lang"] ?? attributes["xml:lang"];
      if (name === "link" && attributes["rel"] === "canonical") note(said, "canonical", attributes["href"]);
      const key = attributes["name"] ?? attributes["property"] ?? attributes["itemprop"] ?? attributes["http-equiv"];
      if (name === "meta" && key !== undefined) note(said, key.toLowerCase(), attributes["content"]);
    },
    facts: (): { readonly [key in Fact | "language"]: string | undefined } => {
      const found = (fact: Fact): string | undefined =>
        NAMES.filter(([, of]) => of === fact).flatMap(([name]) => said.get(name) ?? [])[0];
      return {
        title: found("title"),
        language: languageTag(language ?? said.get("content-language")),
        updated: dayOf(found("updated")),
        author: found("author"),
        url: webAddress(said.get("canonical") ?? found("url")),
      };
    },
  };
}

function note(said: Map<string, string>, key: string, value: string | undefined): void {
  const text = oneLine(value ?? "", 300);
  if (text !== "" && !said.has(key)) said.set(key, text);
}

/** The day of a date that was written in any of the usual ways; undefined where it is none. */
export function dayOf(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const [day] = /^\d{4}-\d{2}-\d{2}/u.exec(text) ?? [];
  if (day !== undefined) return day;
  const time = Date.parse(text);
  return Number.isNaN(time) ? undefined : new Date(time).toISOString().slice(0, 10);
}

export function languageTag(text: string | undefined): string | undefined {
  const [tag] = /^[a-z]{2,3}(?:-[a-z0-9]{2,8})*$/iu.exec(text?.trim().replaceAll("_", "-") ?? "") ?? [];
  return tag;
}

function webAddress(text: string | undefined): string | undefined {
  return text !== undefined && URL.canParse(text) && /^https?:/iu.test(text) ? text : undefined;
}
