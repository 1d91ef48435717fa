/**
 * How the library's calls go over the wire: straight through Node's own client. The `fetch` that the library brings makes
 * streams, headers and requests of its own for each call, which cost more than all else that a short answer needs.
 */
import { request as overHttp } from "node:http";
import { request as overHttps } from "node:https";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import type { Api } from "grammy";
import { z } from "zod";

type LibraryFetch = NonNullable<NonNullable<ConstructorParameters<typeof Api>[1]>["fetch"]>;
/** The library asks for no more of an answer than its `json`. */
const LibraryFetch = z.custom<LibraryFetch>((value) => typeof value === "function");

/** What the library says of a call. */
interface Call {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON, or a form with files as it is read. */
  readonly body: string | Readable;
  readonly agent?: Agent;
  readonly signal: Pick<AbortSignal, "aborted" | "addEventListener" | "removeEventListener">;
}
type Agent = NonNullable<Parameters<typeof overHttps>[1]["agent"]>;

async function call(
  url: string,
  { method, headers, body, agent, signal }: Call,
): Promise<{ json: () => Promise<unknown> }> {
  const send = url.startsWith("https:") ? overHttps : overHttp;
  const isText = typeof body === "string";
  const length = isText ? { "content-length": Buffer.byteLength(body) } : {};
  return await new Promise((resolve, reject) => {
    const request = send(url, { method, headers: { ...headers, ...length }, agent }, (response) => {
      const whole = text(response).finally(() => signal.removeEventListener("abort", stop));
      resolve({ json: async () => JSON.parse(await whole) });
    });
    const stop = (): void => void request.destroy(new Error("The call was aborted."));
    request.on("error", (error) => {
      signal.removeEventListener("abort", stop);
      reject(error);
    });
    if (signal.aborted) return stop();
    signal.addEventListener("abort", stop);
    if (isText) request.end(body);
    else body.on("error", (error) => request.destroy(error)).pipe(request);
  });
}

/** For the option `fetch` of the library's client. */
export const libraryFetch: LibraryFetch = LibraryFetch.parse(call);
