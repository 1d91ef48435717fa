import type { AdapterContext, AdapterSession, Health } from "../../adapter.ts";
import { ParleyError } from "../../adapter.ts";
import { createAddressLimits } from "./address-limits.ts";
import type { Api } from "./api.ts";
import { chatRoutes } from "./chat-routes.ts";
import type { Channels } from "./channels.ts";
import { createChannels } from "./channels.ts";
import { createConversations } from "./conversation.ts";
import { fileRoute } from "./file-route.ts";
import { showLive } from "./live-frames.ts";
import { pageRoutes } from "./page-routes.ts";
import type { WebPayload } from "./render.ts";
import { openSessionIds } from "./session-ids.ts";
import { sessionRoutes } from "./session-routes.ts";
import type { WebSettings } from "./settings.ts";
import { streamRoute } from "./stream.ts";
import { uploadRoute } from "./upload-route.ts";

/** Offers the calls and the page to the gateway. The first web account has the plain paths, others their own. */
export async function connectWeb(context: AdapterContext<WebSettings>): Promise<AdapterSession<WebPayload>> {
  const { environment, accountName } = context;
  const paths = pathsOf(accountName);
  const channels = createChannels(environment.clock);
  const conversations = createConversations(context, channels);
  const state: { closed: boolean; last?: string } = { closed: false };
  const api: Api = {
    context,
    ids: await openSessionIds(context.values),
    channels,
    conversations,
    limits: createAddressLimits(environment.clock, context.settings),
    base: paths.api,
    received: () => {
      state.last = new Date(environment.clock()).toISOString();
    },
  };
  return {
    // History keeps the reply; who is there sees it at once, who comes back is shown it then.
    send: async ({ payload, target, eventId, replyIndex, replyCount }) => {
      const at = new Date(environment.clock()).toISOString();
      const { replyTo: messageId } = target;
      channels.find(target.chat)?.reply({ eventId, messageId, index: replyIndex, count: replyCount, payload }, at);
      return { messageId: payload.reply.id };
    },
    live: (signal) => {
      const channel = channels.find(signal.target.chat);
      if (channel !== undefined) showLive(channel, signal);
    },
    routes: [
      ...chatRoutes(api),
      ...sessionRoutes(api),
      uploadRoute(api),
      fileRoute(api),
      ...(await pageRoutes(context, paths)),
    ],
    sockets: [streamRoute(api)],
    health: () => healthOf(state, channels),
    close: async () => {
      if (state.closed) return;
      state.closed = true;
      conversations.close();
      for (const channel of channels.all()) channel.end(1012, "The server restarts.");
      channels.close();
    },
  };
}

/** Where an account's page and calls are. */
function pathsOf(accountName: string): { readonly page: string; readonly api: string } {
  if (accountName === "main") return { page: "/", api: "/api/v1" };
  if (!/^[a-z0-9-]{1,64}$/u.test(accountName))
    throw new ParleyError(
      "web/account-name",
      `The name of a web account is part of its address: "${accountName}" may have lower-case letters, digits and dashes only. Change it in web({ name }).`,
    );
  return { page: `/web/${accountName}`, api: `/api/v1/web/${accountName}` };
}

function healthOf(state: { readonly closed: boolean; readonly last?: string }, channels: Channels): Health {
  return {
    state: state.closed ? "closed" : "live",
    detail: state.closed ? "closed" : `${channels.sockets()} sockets`,
    ...(state.last === undefined ? {} : { lastReceivedAt: state.last }),
  };
}
