/** What a server answered, as data for a model and files for a person. Nothing of it is believed, nor told as the bot's words. */
import type { CallToolResult, ContentBlock } from "@modelcontextprotocol/client";
import { detectMediaType } from "../../core/attachments/media-type.ts";
import { ParleyError } from "../../core/errors.ts";
import { isTooDeep, Json } from "../../core/json.ts";
import type { ReplyFile } from "../../core/reply.ts";
import type { ToolContext, ToolResult } from "../../core/tool.ts";
import { withoutForeignLinks } from "../../core/markdown/index.ts";
import { cleanText, plainText } from "../../core/text/clean-text.ts";

const MOST_FILES = 5;
const MOST_LINKS = 20;
const LONGEST_LINK = 2_000;
const LONGEST_TOLD = 2_000;
const SHOWN = /^(?:image\/(?:png|jpeg|gif|webp)|audio\/(?:mpeg|wav|ogg|flac))$/u;

const LONGEST_REASON = 500;

export interface ResultLimits {
  readonly maxResultLength: number;
  readonly maxFileBytes: number;
}

interface Reading {
  readonly limits: ResultLimits;
  readonly context: ToolContext;
  /** Hosts that links may lead to; all others cannot be pressed. */
  readonly hosts: ReadonlySet<string>;
}

/** Reads it. Throws `mcp/tool-error` where the server says that the call failed. */
export async function readResult(
  server: string,
  result: CallToolResult,
  { limits, context, hosts }: Reading,
): Promise<ToolResult> {
  const { maxResultLength } = limits;
  const words = result.content.flatMap(wordsOf).join("\n\n");
  const text = cleanText(words, maxResultLength);
  const shown = (most: number): string => withoutForeignLinks(plainText(text, most), hosts).text;
  if (result.isError === true) throw toolError(server, shown(LONGEST_REASON));
  const data = dataOf(result.structuredContent, maxResultLength);
  const links = result.content.flatMap(linkOf).slice(0, MOST_LINKS);
  const files = await keepFiles(server, result.content, { limits, context });
  const value = {
    server,
    ...(text !== "" && { text }),
    ...(data !== undefined && { data }),
    ...(links.length > 0 && { links }),
    ...(files.length > 0 && { files: files.map(({ name, mediaType }) => ({ name, mediaType })) }),
    // For whoever confirmed it.
    ...(context.confirmed !== undefined && text !== "" && { message: receipt(server, shown(LONGEST_TOLD), context) }),
  };
  return {
    value,
    ...(files.length > 0 && { files }),
    ...(text !== "" && { say: () => shown(LONGEST_TOLD) }),
  };
}

/** What was called, by the bot; what the server says of it is a quotation, and cannot pass for a word of the bot. */
function receipt(server: string, shown: string, { confirmed, locale }: ToolContext): string {
  const isGerman = locale.toLowerCase().startsWith("de");
  const called = `${isGerman ? "Aufgerufen" : "Called"}: ${confirmed?.summary ?? server}`;
  const whose = isGerman
    ? `Der Server „${server}“ antwortet mit seinen eigenen Worten:`
    : `The server “${server}” answers in its own words:`;
  const quoted = shown.split("\n").map((line) => `> ${line}`.trimEnd());
  return `${called}\n\n${whose}\n\n${quoted.join("\n")}`;
}

function toolError(server: string, shown: string): ParleyError {
  const words = shown === "" ? "It gave no reason." : shown;
  return new ParleyError("mcp/tool-error", `${server} says that this did not work: ${words}`, { status: 422 });
}

function wordsOf(block: ContentBlock): readonly string[] {
  if (block.type === "text") return [block.text];
  return block.type === "resource" && "text" in block.resource ? [block.resource.text] : [];
}

/** Structured content, where it is no larger than a text may be. */
function dataOf(value: unknown, most: number): Json | undefined {
  if (value === undefined || isTooDeep(value)) return undefined;
  const text = JSON.stringify(value);
  if (text.length > most) return `${cleanText(text, most)} (cut off)`;
  return Json.parse(JSON.parse(text, (_key, one: unknown) => (typeof one === "string" ? cleanText(one, most) : one)));
}

/** Links to pages; other kinds of addresses are the server's own. */
function linkOf(block: ContentBlock): readonly { readonly title: string; readonly url: string }[] {
  if (block.type !== "resource_link" || !URL.canParse(block.uri)) return [];
  const { protocol, username, password, href } = new URL(block.uri);
  const isPage = /^https?:$/u.test(protocol) && username === "" && password === "" && href.length <= LONGEST_LINK;
  return isPage ? [{ title: cleanText(block.title ?? block.name, 200), url: href }] : [];
}

async function keepFiles(
  server: string,
  content: readonly ContentBlock[],
  { limits, context }: { readonly limits: ResultLimits; readonly context: ToolContext },
): Promise<readonly ReplyFile[]> {
  const { keepFile } = context;
  if (keepFile === undefined) return [];
  const kept: ReplyFile[] = [];
  for (const bytes of content.flatMap(bytesOf)) {
    // By its bytes: a server may call anything a picture.
    const mediaType = bytes.byteLength > limits.maxFileBytes ? undefined : detectMediaType(bytes);
    if (mediaType === undefined || !SHOWN.test(mediaType) || kept.length === MOST_FILES) continue;
    const name = `${server}-${kept.length + 1}.${mediaType.split("/")[1] ?? "bin"}`;
    kept.push(await keepFile(bytes, { name, mediaType }));
  }
  return kept;
}

function bytesOf(block: ContentBlock): readonly Uint8Array[] {
  if (block.type === "image" || block.type === "audio") return [Buffer.from(block.data, "base64")];
  return block.type === "resource" && "blob" in block.resource ? [Buffer.from(block.resource.blob, "base64")] : [];
}
