/** Reads Word documents: mammoth makes HTML of them, which is read like any other. */
import type { ReadDocument } from "../document.ts";
import { packed, unpack, type Archive } from "./archive.ts";
import { readHtml } from "./html.ts";
import { dayOf, languageTag } from "./html-facts.ts";
import { needReaders } from "./packages.ts";
import { xmlTexts } from "./xml.ts";

const READ_PARTS = /^(?:\[Content_Types\]|_rels\/|word\/|docProps\/core).*\.?(?:xml|rels)$/iu;
const STYLES = ["p[style-name='Title'] => h1:fresh", "p[style-name='Titel'] => h1:fresh"];

/** Its pictures are left out. */
export async function readDocx(bytes: Uint8Array, path: string): Promise<ReadDocument & { readonly problem?: string }> {
  needReaders("docx");
  const { default: mammoth } = await import("mammoth");
  const archive = await unpack(bytes, (name) => READ_PARTS.test(name));
  const withoutPicture = mammoth.images.imgElement(async () => await Promise.resolve({ src: "" }));
  const { value } = await mammoth.convertToHtml(
    { buffer: Buffer.from(await packed(archive)) },
    { styleMap: STYLES, convertImage: withoutPicture, externalFileAccess: false, includeEmbeddedStyleMap: false },
  );
  const { title, ...facts } = await officeFacts(archive);
  const document = await readHtml(value, path);
  const isNamed = document.sections.length > 0 && value.includes("<h1");
  return { ...document, ...facts, title: isNamed ? document.title : (title ?? document.title) };
}

/** What an Office file says of itself. */
export async function officeFacts(archive: Archive) {
  const core = archive.get("docProps/core.xml");
  const said = core === undefined ? {} : await xmlTexts(core);
  const fact = (name: string): string | undefined => (said[name] === "" ? undefined : said[name]);
  return {
    title: fact("dc:title"),
    language: languageTag(fact("dc:language")),
    author: fact("dc:creator"),
    updated: dayOf(fact("dcterms:modified") ?? fact("dcterms:created")),
  };
}
