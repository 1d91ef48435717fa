import type { IncomingMessage } from "node:http";
import { RefusedRequest, refuse } from "./api-error.ts";

const LIMIT = 32 * 1024 * 1024;

/** Reads a JSON body; refuses one that is no JSON or larger than the API takes. */
export async function readJsonBody(incoming: IncomingMessage): Promise<unknown> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of incoming) {
    const bytes = Buffer.from(part);
    length += bytes.length;
    if (length <= LIMIT) parts.push(bytes);
  }
  if (length > LIMIT) {
    const message = "Request exceeds the maximum size";
    throw new RefusedRequest({ status: 413, type: "request_too_large", message });
  }
  try {
    return JSON.parse(Buffer.concat(parts).toString("utf8"));
  } catch (thrown) {
    return refuse(`The request body is not valid JSON: ${String(thrown)}`);
  }
}
