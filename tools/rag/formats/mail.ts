/** Reads an e-mail: who wrote what to whom, its text, and the names of what is attached. */
import { oneLine } from "../../../core/text/cut.ts";
import { titleFromPath, type Block, type ReadDocument } from "../document.ts";
import { readHtml } from "./html.ts";
import { dayOf } from "./html-facts.ts";
import { needReaders } from "./packages.ts";
import { readText } from "../read-text.ts";

const MOST_PARTS_DEEP = 20;
const MOST_HEADERS_BYTES = 256 * 1024;
const MOST_NAMES = 50;

interface Address {
  readonly name: string;
  readonly address?: string | undefined;
  readonly group?: readonly Address[] | undefined;
}

/** Its HTML is read where it has any: a table in it is a table. Attachments are named and not read. */
export async function readMail(bytes: Uint8Array, path: string): Promise<ReadDocument & { readonly problem?: string }> {
  needReaders("mail");
  const { default: PostalMime } = await import("postal-mime");
  const { subject, from, to, cc, date, html, text, attachments } = await PostalMime.parse(bytes, {
    maxNestingDepth: MOST_PARTS_DEEP,
    maxHeadersSize: MOST_HEADERS_BYTES,
  });
  const page = html === undefined ? undefined : await readHtml(html, path);
  const body = page !== undefined && page.sections.length > 0 ? page : readText(text ?? "", path);
  const title = oneLine(subject ?? titleFromPath(path), 300);
  const [author, updated] = [from === undefined ? undefined : nameOf(from), dayOf(date)];
  const lines = [
    said("From", from === undefined ? [] : [from]),
    said("To", to),
    said("Cc", cc),
    updated && `Date: ${updated}`,
  ];
  const head = lines.flatMap((line): Block[] =>
    line === undefined || line === "" ? [] : [{ kind: "text", text: line }],
  );
  const named = attachments
    .slice(0, MOST_NAMES)
    .flatMap(({ filename, mimeType, related }): Block[] =>
      related === true ? [] : [{ kind: "item", text: `${oneLine(filename ?? "without a name", 200)} (${mimeType})` }],
    );
  const attached = named.length === 0 ? [] : [{ headings: ["Attachments"], anchor: "attachments", blocks: named }];
  return {
    title,
    language: page?.language,
    author,
    updated,
    sections: [{ headings: [], anchor: "", blocks: head }, ...body.sections, ...attached].filter(
      ({ blocks }) => blocks.length > 0,
    ),
    ...(named.length > 0 && { problem: `its ${named.length} attachments are named and not read` }),
  };
}

function said(name: string, addresses: readonly Address[] | undefined): string | undefined {
  if (addresses === undefined || addresses.length === 0) return undefined;
  const names = addresses.slice(0, MOST_NAMES).map(nameOf);
  return `${name}: ${names.filter((one) => one !== "").join(", ")}`;
}

function nameOf({ name, address = "" }: Address): string {
  const [known, place] = [oneLine(name, 200), oneLine(address, 200)];
  if (known === "") return place;
  return place === "" ? known : `${known} <${place}>`;
}
