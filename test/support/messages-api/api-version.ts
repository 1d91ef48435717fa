import { refuse } from "./api-error.ts";
import type { MessagesRequest } from "./request-schema.ts";

/** The versions of the API that may be asked for; clients from 1.0 on send the newer one. */
export type ApiVersion = "2023-06-01" | "2026-10-21";

/** Reads the `anthropic-version` header; refuses a missing or unknown one. */
export function readApiVersion(header: string | string[] | undefined): ApiVersion {
  if (header === "2023-06-01" || header === "2026-10-21") return header;
  if (header === undefined) refuse("anthropic-version: header is required");
  return refuse(`anthropic-version: "${String(header)}" is not a valid version`);
}

/** What the version of October 2026 removed: sampling parameters, documents of the assistant, citations of the user. */
export function validateVersion(request: MessagesRequest, version: ApiVersion): void {
  if (version === "2023-06-01") return;
  const sampling = ["temperature", "top_p", "top_k"] as const;
  const sent = sampling.find((name) => request[name] !== undefined);
  if (sent !== undefined) refuse(`${sent}: Extra inputs are not permitted`);
  for (const [index, { role, content }] of request.messages.entries()) {
    if (typeof content === "string") continue;
    for (const [position, block] of content.entries()) {
      const at = `messages.${index}.content.${position}`;
      if (role === "assistant" && block.type === "document") {
        refuse(`${at}: \`document\` blocks can only be in \`user\` messages`);
      }
      if (role === "user" && block.type === "text" && (block.citations ?? []).length > 0) {
        refuse(`${at}.citations: citations are not permitted in \`user\` messages`);
      }
    }
  }
}
