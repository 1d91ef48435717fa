/** Codes by a server of one's own, which sends them on: signed as webhooks are. */
import type { CodeMessage } from "../../../core/config/code-senders.ts";
import type { Environment } from "../../../core/environment.ts";
import type { Network } from "../../../core/network/network.ts";
import { createPost } from "../../webhooks/post.ts";
import { signedHeaders } from "../../webhooks/signature.ts";
import { NotSent, type Sender, SENDING_MS } from "./sender.ts";

export interface WebhookSenderOptions {
  readonly url: string;
  readonly secret: () => string;
  readonly network: Network;
  readonly environment: Pick<Environment, "clock" | "newId">;
}

export function createWebhookSender({ url, secret, network, environment }: WebhookSenderOptions): Sender {
  const { clock, newId } = environment;
  // Whoever configures the installation names it: it may be of the own network.
  const rules = { internalHosts: [new URL(url).host] };
  const post = createPost({ rules, network, clock, timeoutMs: SENDING_MS });
  const call = async (type: string, data: object): Promise<void> => {
    const now = clock();
    const body = JSON.stringify({ type, timestamp: new Date(now).toISOString(), bot: "*", data });
    const signed = signedHeaders({ id: newId(), timestamp: Math.floor(now / 1_000), body }, [secret()]);
    const headers = { "content-type": "application/json; charset=utf-8", ...signed };
    const { error } = await post({ url, headers, body });
    if (error !== undefined) throw new NotSent(`the webhook failed: ${error}`);
  };
  return {
    send: async ({ kind, address, code, expiresAt, text }: CodeMessage) =>
      await call("code.issued", { kind, address, code, expiresAt, text }),
    check: async () => {
      await call("ping", {});
      return `${new URL(url).host} takes signed calls`;
    },
  };
}
