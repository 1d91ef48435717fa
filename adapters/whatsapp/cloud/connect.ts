import { z } from "zod";
import type { AdapterContext, AdapterSession, Health } from "../../../adapter.ts";
import { describeError, ParleyError, PermanentSendError } from "../../../adapter.ts";
import { TokenRefusedError } from "../errors.ts";
import type { WhatsappPart } from "../render.ts";
import type { CloudSettings } from "../settings.ts";
import type { Graph } from "./graph.ts";
import { createGraph } from "./graph.ts";
import { createIdentities } from "./identity.ts";
import { createSender } from "./send.ts";
import { webhookPath, webhookRoutes } from "./webhook.ts";
import { createServiceWindow } from "./window.ts";

const PhoneNumber = z.object({
  display_phone_number: z.string().optional(),
  verified_name: z.string().optional(),
  quality_rating: z.string().optional(),
});
export type PhoneNumber = z.infer<typeof PhoneNumber>;

/** Checks token and number, and offers the webhook to the gateway. */
export async function connectCloud(context: AdapterContext<CloudSettings>): Promise<AdapterSession<WhatsappPart>> {
  const { settings, environment, log, accountName } = context;
  const graph = createGraph(settings);
  const number = await readNumber(graph, settings);
  const window = createServiceWindow(context);
  const { onStatus, ...sender } = createSender(graph, window, context);
  const state: { closed: boolean; last?: string } = { closed: false };
  const routes = webhookRoutes({
    context: {
      ...context,
      accept: async (normalized) => {
        if (state.closed)
          throw new ParleyError("whatsapp/closed", "This account is closed here; send the notification again.", {
            status: 503,
            retryable: true,
          });
        return await context.accept(normalized);
      },
    },
    identities: createIdentities(context),
    onEvent: ({ chat }) => {
      state.last = new Date(environment.clock()).toISOString();
      for (const address of new Set([chat.id, chat.keptAs ?? chat.id])) window.opened(address);
    },
    onStatus: (status) => {
      state.last = new Date(environment.clock()).toISOString();
      onStatus(status).catch((thrown: unknown) =>
        log.error({ error: describeError(thrown) }, "a reply behind the 24-hour window was lost"),
      );
    },
  });
  return {
    ...sender,
    routes,
    health: () => healthOf({ ...state, number, tokenAccepted: graph.tokenAccepted(), path: webhookPath(accountName) }),
    close: async () => {
      state.closed = true;
    },
  };
}

/** The number as WhatsApp knows it. Throws the errors of `errors.ts`. */
export async function readNumber(graph: Graph, { phoneNumberId }: CloudSettings): Promise<PhoneNumber> {
  try {
    return await graph.call(`${phoneNumberId}?fields=display_phone_number,verified_name,quality_rating`, {
      answer: PhoneNumber,
    });
  } catch (thrown) {
    if (!graph.tokenAccepted()) throw new TokenRefusedError(thrown);
    if (thrown instanceof PermanentSendError)
      throw new ParleyError(
        "whatsapp/number-refused",
        `WhatsApp's Graph API does not give this token the phone number id (${describeError(thrown.cause ?? thrown)}). Take the "Phone number ID" of WhatsApp > API setup in the Meta app, and assign the number to the system user.`,
      );
    throw new ParleyError(
      "whatsapp/graph-unreachable",
      `WhatsApp's Graph API does not answer (${describeError(thrown)}); it is tried again.`,
      {
        retryable: true,
        cause: thrown,
      },
    );
  }
}

function healthOf(facts: {
  readonly closed: boolean;
  readonly last?: string;
  readonly number: PhoneNumber;
  readonly tokenAccepted: boolean;
  readonly path: string;
}): Health {
  const { closed, last, number, tokenAccepted, path } = facts;
  const lastReceivedAt = last === undefined ? {} : { lastReceivedAt: last };
  if (closed) return { state: "closed", detail: "closed", ...lastReceivedAt };
  if (!tokenAccepted) {
    const { message } = new TokenRefusedError();
    return { state: "degraded", detail: "the access token is refused", remedy: message, ...lastReceivedAt };
  }
  if (number.quality_rating === "RED") {
    const remedy = "Look at the number's quality in the WhatsApp manager: people block or report it.";
    return { state: "degraded", detail: "WhatsApp rates the number's quality low", remedy, ...lastReceivedAt };
  }
  const name = number.display_phone_number ?? "the number";
  const heard = last === undefined ? `; nothing received yet at ${path}` : "";
  return { state: "live", detail: `${name}${heard}`, ...lastReceivedAt };
}
