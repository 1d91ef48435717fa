/** Hands updates to a webhook: over HTTP, or straight to an adapter's routes in this process. */
import type { LocalPlatformOptions } from "../../../testing.ts";
import { callWebhook } from "../../../testing.ts";
import type { Push } from "./updates.ts";

const TIMEOUT_MS = 10_000;

export function createPush(webhook: LocalPlatformOptions["webhook"]): Push {
  return async (update, { url, secret }) => {
    const request = new Request(url, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        ...(secret === undefined ? {} : { "x-telegram-bot-api-secret-token": secret }),
      },
      body: JSON.stringify(update),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const response = await callWebhook(webhook ?? { url }, request);
    await response?.arrayBuffer();
    return response?.ok === true;
  };
}
