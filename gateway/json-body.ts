import type { FastifyInstance } from "fastify";
import { InvalidInputError } from "../core/errors.ts";

/** Reads JSON bodies strictly: bytes that are no UTF-8 are refused rather than replaced. */
export function acceptJson(server: FastifyInstance): void {
  server.removeContentTypeParser("text/plain");
  const parse = server.getDefaultJsonParser("error", "error");
  server.addContentTypeParser("application/json", { parseAs: "buffer" }, (request, body, done) => {
    const text = typeof body === "string" ? body : decode(body);
    if (text === undefined) done(new InvalidInputError("gateway/invalid-utf8", "The body is no valid UTF-8."));
    else void parse(request, text, done);
  });
}

function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
