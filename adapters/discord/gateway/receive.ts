/** From the gateway's packets, and the pages of a channel's history, to the inbox. */
import type { Client, GuildBasedChannel } from "discord.js";
import { LRUCache } from "lru-cache";
import { z } from "zod";
import type { AdapterContext, Normalized } from "../../../adapter.ts";
import { optionalPart } from "../../../adapter.ts";
import { normalizeDiscord } from "../normalize.ts";
import type { DiscordSettings } from "../settings.ts";
import type { Gap, Inbox, Missed } from "./inbox.ts";
import type { About } from "./payloads.ts";
import { type Discord, identityOf } from "./library.ts";

/** Messages whose authors are remembered, and channels that are known though the library does not keep them. */
const MAX_KNOWN = 5_000;

const Place = z.object({
  id: optionalPart(z.string()),
  ids: optionalPart(z.array(z.string())),
  channel_id: optionalPart(z.string()),
  guild_id: optionalPart(z.string()),
  author: optionalPart(z.object({ id: z.string() })),
  guilds: optionalPart(z.array(z.object({ id: z.string() }))),
  unavailable: optionalPart(z.boolean()),
});
type Place = z.infer<typeof Place>;

const ChannelFacts = z.object({
  type: z.number(),
  parent_id: z.string().nullish(),
  name: z.string().nullish(),
  owner_id: z.string().nullish(),
});
const MessagePage = z.array(z.looseObject({ id: z.string() }));

export interface ReceiverOptions {
  readonly discord: Discord;
  readonly client: Client;
  readonly context: Pick<AdapterContext<DiscordSettings>, "settings" | "environment">;
  /** True where the Message Content intent is off. */
  readonly withholdsContent: boolean;
}

/** A dispatch of the gateway, and the shard it came from. */
export interface Packet {
  readonly t: string;
  readonly d: unknown;
  readonly shard: number;
}

export interface Receiver {
  readonly receive: (packet: Packet, inbox: Inbox) => void;
  /** Messages of a channel after an id, oldest first. */
  readonly pageAfter: (channelId: string, after: string, limit: number) => Promise<readonly Missed[]>;
  /** The channels of a shard's servers (of all shards, where none is named) that may hold missed messages. */
  readonly gaps: (shard?: number) => readonly Gap[];
  readonly about: () => About;
}

interface Receiving extends ReceiverOptions {
  readonly guilds: Set<string>;
  readonly authors: LRUCache<string, string>;
  readonly channels: LRUCache<string, NonNullable<About["channel"]>>;
}

export function createReceiver(options: ReceiverOptions): Receiver {
  const receiving: Receiving = {
    ...options,
    guilds: new Set(),
    authors: new LRUCache({ max: MAX_KNOWN }),
    channels: new LRUCache({ max: MAX_KNOWN }),
  };
  const { client, discord } = options;
  return {
    about: () => aboutNow(receiving),
    receive: ({ t, d, shard }, inbox) => {
      const place = Place.safeParse(d).data ?? {};
      if (t === "READY") {
        for (const { id } of place.guilds ?? []) receiving.guilds.add(id);
        inbox.hold(shard);
      } else if (t === "MESSAGE_DELETE_BULK") {
        const { ids = [], ...rest } = place;
        for (const id of ids)
          add(receiving, inbox, { t: "MESSAGE_DELETE", d: { ...rest, id }, place: { ...rest, id } });
      } else if (t !== "RESUMED") add(receiving, inbox, { t, d, place });
    },
    pageAfter: async (channelId, after, limit) => await pageAfter(receiving, { channelId, after, limit }),
    gaps: (shard) =>
      [...client.channels.cache.values()].flatMap((channel): Gap[] => {
        if (!("guild" in channel) || !channel.isTextBased()) return [];
        if (shard !== undefined && channel.guild.shardId !== shard) return [];
        return mayRead(discord, channel) ? [{ channelId: channel.id, lastMessageId: channel.lastMessageId }] : [];
      }),
  };
}

function aboutNow({ context, withholdsContent }: Receiving): About {
  const receivedAt = new Date(context.environment.clock()).toISOString();
  return { receivedAt, withholdsContent };
}

interface Dispatch {
  readonly t: string;
  readonly d: unknown;
  readonly place: Place;
}

function add(receiving: Receiving, inbox: Inbox, dispatch: Dispatch): void {
  const { t, place } = dispatch;
  const { id: messageId } = t === "MESSAGE_CREATE" ? place : { id: undefined };
  if (messageId !== undefined && place.author !== undefined) receiving.authors.set(messageId, place.author.id);
  const about = { ...aboutNow(receiving), isNew: isNewServer(receiving, dispatch) };
  inbox.add({
    channelId: place.channel_id ?? "servers",
    ...(messageId === undefined ? {} : { messageId }),
    isDirect: messageId !== undefined && place.guild_id === undefined,
    read: async () => await read(receiving, dispatch, about),
  });
}

/** Discord tells of every server at each start; new is one that was not there then. */
function isNewServer({ guilds }: Receiving, { t, place: { id = "", unavailable } }: Dispatch): boolean {
  // One that is out of order comes back as the server it was.
  if (t === "GUILD_DELETE" && unavailable !== true) guilds.delete(id);
  if (t !== "GUILD_CREATE" || guilds.has(id)) return false;
  guilds.add(id);
  return true;
}

/** Reads one dispatch with what is known around it, when its turn comes. */
async function read(receiving: Receiving, dispatch: Dispatch, about: About): Promise<Normalized> {
  const { t, d, place } = dispatch;
  const { guild_id: guildId, channel_id: channelId, id } = place;
  const inServer = guildId !== undefined && channelId !== undefined;
  const known: About = {
    ...about,
    ...(inServer ? { channel: await channelFacts(receiving, channelId), ...ownRole(receiving, guildId) } : {}),
    ...(t === "MESSAGE_DELETE" ? { authorId: receiving.authors.get(id ?? "") } : {}),
  };
  return normalizeDiscord(
    { t, d, about: known },
    { settings: receiving.context.settings, identity: identityOf(receiving.client) },
  );
}

function ownRole({ client }: Receiving, guildId: string): { readonly botRoleId?: string } {
  const role = client.user === null ? undefined : client.guilds.cache.get(guildId)?.roles.botRoleFor(client.user);
  return role === undefined || role === null ? {} : { botRoleId: role.id };
}

async function channelFacts({ client, discord, channels }: Receiving, channelId: string): Promise<About["channel"]> {
  const kept = client.channels.cache.get(channelId);
  if (kept !== undefined) {
    return {
      type: kept.type,
      name: "name" in kept ? kept.name : undefined,
      parentId: "parentId" in kept ? kept.parentId : undefined,
      ownerId: "ownerId" in kept ? kept.ownerId : undefined,
    };
  }
  const remembered = channels.get(channelId);
  if (remembered !== undefined) return remembered;
  const facts = ChannelFacts.parse(await client.rest.get(discord.Routes.channel(channelId)));
  const known = { type: facts.type, parentId: facts.parent_id, name: facts.name, ownerId: facts.owner_id };
  channels.set(channelId, known);
  return known;
}

async function pageAfter(
  receiving: Receiving,
  { channelId, after, limit }: { readonly channelId: string; readonly after: string; readonly limit: number },
): Promise<readonly Missed[]> {
  const { client, discord } = receiving;
  const query = new URLSearchParams({ after, limit: String(limit) });
  const page = MessagePage.parse(await client.rest.get(discord.Routes.channelMessages(channelId), { query }));
  const channel = client.channels.cache.get(channelId);
  // The history leaves out where it was read.
  const where = {
    channel_id: channelId,
    ...(channel !== undefined && "guildId" in channel ? { guild_id: channel.guildId ?? undefined } : {}),
  };
  return page
    .toSorted((left, right) => (BigInt(left.id) < BigInt(right.id) ? -1 : 1))
    .map((message) => {
      const d = { ...message, ...where };
      const dispatch = { t: "MESSAGE_CREATE", d, place: { ...Place.parse(message), ...where } };
      return { id: message.id, read: async () => await read(receiving, dispatch, aboutNow(receiving)) };
    });
}

function mayRead({ PermissionFlagsBits }: Discord, channel: GuildBasedChannel): boolean {
  const { me } = channel.guild.members;
  const { ViewChannel, ReadMessageHistory } = PermissionFlagsBits;
  return me === null || channel.permissionsFor(me).has([ViewChannel, ReadMessageHistory]);
}
