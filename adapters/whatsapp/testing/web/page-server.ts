/** Serves WhatsApp's page over TLS, and is its line to WhatsApp's servers. */
import { readFile } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { json } from "node:stream/consumers";
import type { LocalServer, SeenFile } from "../../../../core/testing/index.ts";
import { openLocalServer } from "../../../../core/testing/index.ts";
import { selfSignedCertificate } from "./certificate.ts";

/** What the page is told. */
export type Down = { readonly name: string } & Readonly<Record<string, unknown>>;

export interface PageServerOptions {
  readonly port: number | undefined;
  readonly version: string;
  /** Numbers by LID. */
  readonly phones: Readonly<Record<string, string>>;
  /** A page opened its line; gives the first thing to tell it. */
  readonly onLine: (device: string) => Down;
  /** The page says something. Gives what becomes of the answer. */
  readonly onUp: (operation: unknown) => "answered" | "cut" | "busy";
  readonly media: (path: string) => SeenFile | undefined;
}

export interface PageServer extends LocalServer {
  readonly down: (operation: Down) => void;
  readonly lines: () => number;
}

const HOST = "web.whatsapp.com";
const PAGE_FILES = ["models.js", "link.js", "modules.js"];

/** Arguments that make Chromium find this server as WhatsApp's, and nothing else of the internet. */
export function chromiumArgumentsFor(port: number): string[] {
  return [
    `--host-resolver-rules=MAP ${HOST} 127.0.0.1:${port}, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1`,
    "--ignore-certificate-errors",
    "--disable-background-networking",
    "--disable-component-update",
  ];
}

/** Starts the server. */
export async function openPageServer(options: PageServerOptions): Promise<PageServer> {
  const lines = new Set<ServerResponse>();
  const page = await pageOf(options.version);
  const tell = (response: ServerResponse, operation: Down): void => {
    response.write(`data: ${JSON.stringify(operation)}\n\n`);
  };

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? "/", `https://${HOST}`);
    if (pathname === "/")
      return void response.writeHead(200, { "content-type": "text/html; charset=utf-8" }).end(page(options.phones));
    if (pathname === "/up") return await hear(request, response);
    if (pathname === "/down") return openLine(response, searchParams.get("device") ?? "");
    const media = options.media(pathname);
    if (media === undefined) return void response.writeHead(404).end();
    response.writeHead(200, { "content-type": media.mediaType ?? "application/octet-stream" }).end(media.bytes);
  }

  async function hear(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const outcome = options.onUp(await json(request));
    if (outcome === "cut") request.socket.destroy();
    else response.writeHead(outcome === "answered" ? 204 : 503).end();
  }

  function openLine(response: ServerResponse, device: string): void {
    response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
    lines.add(response);
    response.on("close", () => lines.delete(response));
    tell(response, options.onLine(device));
  }

  const server = await openLocalServer({
    port: options.port,
    tls: selfSignedCertificate(HOST, Date.now()),
    handle: serve,
  });
  return {
    ...server,
    down: (operation) => {
      for (const line of lines) tell(line, operation);
    },
    lines: () => lines.size,
  };
}

/** The page, made anew each time: people may have got LIDs since. */
async function pageOf(version: string): Promise<(phones: PageServerOptions["phones"]) => string> {
  const read = async (name: string): Promise<string> =>
    await readFile(new URL(`page/${name}`, import.meta.url), "utf8");
  const scripts = await Promise.all(PAGE_FILES.map(read));
  return (phones) => {
    const facts = JSON.stringify({ version, phones }).replaceAll("<", String.raw`\u003c`);
    const script = ["(() => {", `window.parleyLocal = ${facts};`, ...scripts, "})();"].join("\n");
    const head = '<head><meta charset="utf-8"><title>WhatsApp</title></head>';
    return `<!doctype html><html lang="en">${head}<body><script>${script}</script></body></html>`;
  };
}
