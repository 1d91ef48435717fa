import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import type { AdapterContext, HttpRequest, HttpRoute } from "../../adapter.ts";
import { escapeHtml, localeText, look, ParleyError, supportedLocale } from "../../adapter.ts";
import { MAX_FILE_BYTES } from "./manifest.ts";
import type { WebSettings } from "./settings.ts";

const DIRECTORY = new URL("./page/", import.meta.url);
const MEDIA_TYPES: Readonly<Record<string, string>> = {
  js: "text/javascript; charset=utf-8",
  css: "text/css; charset=utf-8",
  svg: "image/svg+xml; charset=utf-8",
};
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'self'",
].join("; ");
const AssetParameters = z.object({ version: z.string().max(64), file: z.string().max(64) });

/** The chat page and what belongs to it. Read once; assets carry their version in their path and never change. */
export async function pageRoutes(
  context: AdapterContext<WebSettings>,
  paths: { readonly page: string; readonly api: string },
): Promise<readonly HttpRoute[]> {
  const files = await readPage();
  const version = hashOf([...files.values()].join("\0"));
  const prefix = paths.page === "/" ? "" : paths.page;
  const html = fill(files.get("index.html") ?? "", {
    title: context.settings.title ?? context.bot.name,
    assets: `${prefix}/assets/${version}`,
    config: JSON.stringify(configOf(context, paths.api)),
  });
  const etag = `"${hashOf(html)}"`;
  return [
    {
      method: "GET",
      path: paths.page,
      summary: "The chat page",
      hidden: true,
      permission: "public",
      handle: async (request) => page(request, html, etag),
    },
    {
      method: "GET",
      path: `${prefix}/assets/:version/:file`,
      summary: "Scripts and styles of the chat page",
      hidden: true,
      permission: "public",
      parameters: AssetParameters,
      handle: async ({ parameters }) => {
        const asked = AssetParameters.parse(parameters);
        return asset(asked, { version, files });
      },
    },
  ];
}

async function readPage(): Promise<ReadonlyMap<string, string>> {
  const names = await readdir(fileURLToPath(DIRECTORY));
  const read = names
    .toSorted()
    .map(async (name) => [name, await readFile(fileURLToPath(new URL(name, DIRECTORY)), "utf8")] as const);
  return new Map([["look.css", look()], ...(await Promise.all(read))]);
}

function configOf({ settings, bot }: AdapterContext<WebSettings>, api: string): object {
  const { title, greeting, suggestions, accentColor } = settings;
  const { locale, timeZone } = bot;
  const [known = "en"] = supportedLocale(locale ?? "en");
  return {
    // Cards are written as the bot writes, not as the browser would.
    locale: known,
    timeZone: timeZone ?? "UTC",
    labels: localeText({ locale, timeZone }).labels,
    api,
    name: title ?? bot.name,
    greeting: greeting ?? `Hello, I am ${bot.name}. What can I do for you?`,
    suggestions,
    accentColor,
    maxFileBytes: MAX_FILE_BYTES,
  };
}

/** Replaces `{{name}}` by the value as HTML text. */
function fill(template: string, values: Readonly<Record<string, string>>): string {
  return template.replaceAll(/\{\{(\w+)\}\}/gu, (_match, name: string) => escapeHtml(values[name] ?? ""));
}

function page({ raw }: HttpRequest, html: string, etag: string): Response {
  const headers = { "cache-control": "no-cache", "content-security-policy": POLICY, etag };
  if (raw.headers.get("if-none-match") === etag) return new Response(null, { status: 304, headers });
  return new Response(html, { headers: { ...headers, "content-type": "text/html; charset=utf-8" } });
}

function asset(
  asked: z.infer<typeof AssetParameters>,
  { version, files }: { readonly version: string; readonly files: ReadonlyMap<string, string> },
): Response {
  const body = files.get(asked.file);
  const type = MEDIA_TYPES[asked.file.split(".").at(-1) ?? ""];
  if (asked.version !== version || body === undefined || type === undefined) {
    throw new ParleyError("web/no-such-asset", "There is no such file; reload the page.", { status: 404 });
  }
  return new Response(body, {
    headers: { "content-type": type, "cache-control": "public, max-age=31536000, immutable" },
  });
}

function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("base64url").slice(0, 12);
}
