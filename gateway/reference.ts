/** The description of the calls: for programs at `/openapi.json`, to read and try at `/docs`. Nothing is loaded from elsewhere. */
import { createReadStream, existsSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { ParleyError } from "../core/errors.ts";
import type { HttpRoute } from "../core/http.ts";
import { packageDirectory } from "../core/package-directory.ts";
import { openApi, type OpenApiDocument } from "./open-api.ts";

/** What Scalar may do: its styles are its own, everything else is of this server. It would ask for fonts and more outside. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'self'",
].join("; ");

/** Scripts of ours stand in files too: the policy lets none run that is written into a page. */
const START = `Scalar.createApiReference("#reference", ${JSON.stringify({
  url: "/openapi.json",
  withDefaultFonts: false,
  telemetry: false,
  hideClientButton: true,
  // It leads to a service elsewhere.
  showDeveloperTools: "never",
  agent: { disabled: true },
})});`;

const Asset = z.object({ version: z.string().max(64), file: z.enum(["scalar.js", "start.js"]) });
const shared = { method: "GET", hidden: true } as const;

/** `/openapi.json` and `/docs` for these routes. */
export function referenceRoutes(routes: readonly HttpRoute[], version: string): readonly HttpRoute[] {
  let made: OpenApiDocument | undefined;
  const assets = `/docs/assets/${encodeURIComponent(version)}`;
  return [
    {
      ...shared,
      path: "/openapi.json",
      summary: "This description",
      permission: "reference:read",
      cache: { by: "private", seconds: 0 },
      handle: async () => Response.json((made ??= openApi(routes, version))),
    },
    {
      ...shared,
      path: "/docs",
      summary: "This description, to read and to try",
      permission: "reference:read",
      cache: { by: "private", seconds: 0 },
      handle: async () =>
        new Response(page(assets), {
          headers: { "content-type": "text/html; charset=utf-8", "content-security-policy": POLICY },
        }),
    },
    {
      ...shared,
      path: "/docs/assets/:version/:file",
      summary: "Scripts of the reference",
      // The same for every installation.
      permission: "public",
      parameters: Asset,
      cache: { by: "public", seconds: 31_536_000 },
      handle: async ({ parameters }) => asset(Asset.parse(parameters), version),
    },
  ];
}

function page(assets: string): string {
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>The calls of this server</title></head>
<body><div id="reference"></div>
<noscript><p>This page needs scripts. As data: <a href="/openapi.json">/openapi.json</a>.</p></noscript>
<script src="${assets}/scalar.js"></script><script src="${assets}/start.js"></script></body>
</html>`;
}

function asset(asked: z.infer<typeof Asset>, version: string): Response {
  const headers = { "content-type": "text/javascript; charset=utf-8" };
  if (asked.version !== version)
    throw new ParleyError("gateway/no-such-asset", "There is no such file; reload the page.", { status: 404 });
  if (asked.file === "start.js") return new Response(START, { headers });
  return new Response(Readable.toWeb(createReadStream(scalarFile())), { headers });
}

/** In `dist`, where the build copied it; from source, in its package. */
function scalarFile(): string {
  const built = fileURLToPath(new URL("./scalar.js", import.meta.url));
  const installed = join(packageDirectory(), "node_modules/@scalar/fastify-api-reference/dist/js/standalone.js");
  const found = [built, installed].find((path) => existsSync(path));
  if (found !== undefined) return found;
  throw new ParleyError("gateway/no-reference", "The script of the reference is missing. Run: npm ci", { status: 404 });
}
