import type { FastifyInstance } from "fastify";
import { isTooDeep } from "../core/json.ts";
import { InvalidInputError, ParleyError } from "../core/errors.ts";

/** Reads JSON bodies strictly: bytes that are no UTF-8 are refused rather than replaced. */
export function acceptJson(server: FastifyInstance): void {
  server.removeContentTypeParser("text/plain");
  server.addHook("preParsing", async ({ headers }) => {
    const encoding = headers["content-encoding"] ?? "identity";
    if (encoding.toLowerCase() !== "identity")
      throw new ParleyError(
        "gateway/content-encoding",
        "Compressed bodies are not read. Send it without Content-Encoding.",
        { status: 415 },
      );
  });
  const parse = server.getDefaultJsonParser("error", "error");
  server.addContentTypeParser("application/json", { parseAs: "buffer" }, (request, body, done) => {
    const text = typeof body === "string" ? body : decode(body);
    if (text === undefined) done(new InvalidInputError("gateway/invalid-utf8", "The body is no valid UTF-8."));
    else {
      void parse(request, text, (error: Error | null, value: unknown) => {
        if (error === null && isTooDeep(value))
          done(new InvalidInputError("gateway/too-deep", "The JSON is nested too deeply."));
        else done(error === null ? null : explained(error, text), value);
      });
    }
  });
}

/** The parser says of keys that reach into objects' inside only that the body is no JSON. */
function explained(error: Error, text: string): Error {
  if (!isJson(text)) return error;
  return new InvalidInputError(
    "gateway/forbidden-key",
    "The body has a key that may not be used: __proto__, or prototype within constructor.",
  );
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
