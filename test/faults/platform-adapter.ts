/** The adapter of the experiments' platform: sends over HTTP, and tells what certainly failed from what nobody knows. */
import { z } from "zod";
import type { Adapter, Outgoing } from "../../core/adapter.ts";
import { defineAdapter } from "../../core/adapter-binding.ts";
import { describeError, toError } from "../../core/errors.ts";
import { AmbiguousSendError, RateLimitedError, TransientSendError } from "../../core/send-errors.ts";
import { quietAdapter } from "../support/quiet-adapter.ts";
import type { Points } from "./points.ts";
import type { PlatformName } from "./road.ts";

/** One message on the wire. */
export const WireMessage = z.object({
  key: z.string(),
  chat: z.string(),
  text: z.string(),
  /** The proposal that the message's buttons decide. */
  proposal: z.string().optional(),
});
export type WireMessage = z.infer<typeof WireMessage>;
type Payload = Omit<WireMessage, "key" | "chat">;

const Receipt = z.object({ messageId: z.string() });
const Refusal = z.object({ retryAfterMs: z.number() });

/** Keeps to these rates by itself. */
const RATE = { perChatPerSecond: 1_000_000, perAccountPerSecond: 1_000_000 };

/** Binds the adapter to the platform at this port. */
export function platformAdapter(platform: PlatformName, port: number, points: Points) {
  const { manifest } = quietAdapter;
  const adapter: Adapter<unknown, Payload> = {
    manifest: {
      ...manifest,
      platform,
      displayName: platform,
      capabilities: { ...manifest.capabilities, idempotentSend: platform === "keyed", rate: RATE },
    },
    configSchema: z.unknown(),
    normalize: (raw) => ({ ignored: `nothing is heard here: ${typeof raw}` }),
    render: ({ text, proposal }) => ({
      parts: [{ text, ...(proposal === undefined ? {} : { proposal: proposal.id }) }],
      degraded: [],
    }),
    connect: async () => ({
      send: async (outgoing) => {
        points("send:before");
        const messageId = await post(platform, port, outgoing);
        points("send:after");
        return { messageId };
      },
      health: () => ({ state: "live" as const, detail: "" }),
      close: async () => {},
    }),
  };
  return defineAdapter(adapter).bind({});
}

async function post(platform: PlatformName, port: number, outgoing: Outgoing<Payload>): Promise<string> {
  const { key, target, payload, signal } = outgoing;
  const message: WireMessage = { key, chat: target.chat, ...payload };
  let response: Response;
  try {
    response = await fetch(`http://127.0.0.1:${port}/${platform}`, {
      method: "POST",
      body: JSON.stringify(message),
      signal,
    });
  } catch (thrown) {
    if (describeError(toError(thrown).cause).includes("ECONNREFUSED")) {
      throw new TransientSendError(platform, "refused", thrown);
    }
    throw new AmbiguousSendError(platform, thrown);
  }
  const body: unknown = await response.json();
  if (response.status === 429) throw new RateLimitedError(platform, Refusal.parse(body).retryAfterMs);
  if (response.status >= 500) throw new TransientSendError(platform, `status ${response.status}`);
  return Receipt.parse(body).messageId;
}
