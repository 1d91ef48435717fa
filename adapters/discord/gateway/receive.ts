/** From the gateway's packets, and the pages of a channel's history, to the inbox. */
import type { Client, GuildBasedChannel } from "discord.js";
import { z } from "zod";
import type { AdapterContext, Normalized } from "../../core/adapter.ts";
import type { Gap, Inbox, Missed } from "./inbox.ts";
import { type About, normalizeDiscord } from "./normalize.ts";
import type { DiscordSettings } from "./settings.ts";

type Discord = typeof import("discord.js");

/** Messages whose authors are remembered, and channels that are known though the library does not keep them. */
const MAX_KNOWN = 5_000;
const ECHO: Normalized = { ignored: "the bot's own message" };

const Place = z.object({
  id: z.string().optional(),
  ids: z.array(z.string()).optional(),
  channel_id: z.string().optional(),
  guild_id: z.string().optional(),
  author: z.object({ id: z.string() }).optional(),
  guilds: z.array(z.object({ id: z.string() })).optional(),
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

export function createReceiver({ discord, client, context }: ReceiverOptions): Receiver {
  const { settings, environment } = context;
  const guilds = new Set<string>();
  const authors = new Map<string, string>();
  const channels = new Map<string, About["channel"]>();

  const about = (): About => ({
    selfId: client.user?.id ?? "",
    receivedAt: new Date(environment.clock()).toISOString(),
  });

  const channelFacts = async (channelId: string): Promise<About["channel"]> => {
    const kept = client.channels.cache.get(channelId);
    if (kept !== undefined) {
      return {
        type: kept.type,
        name: "name" in kept ? kept.name : undefined,
        parentId: "parentId" in kept ? kept.parentId : undefined,
        ownerId: "ownerId" in kept ? kept.ownerId : undefined,
      };
    }
    if (channels.has(channelId)) return channels.get(channelId);
    const { type, parent_id, name, owner_id } = ChannelFacts.parse(
      await client.rest.get(discord.Routes.channel(channelId)),
    );
    const facts = { type, parentId: parent_id, name, ownerId: owner_id };
    remember(channels, channelId, facts);
    return facts;
  };

  /** Reads one dispatch with what is known around it, when its turn comes. */
  const reader = (t: string, d: unknown, place: Place, first: About) => async (): Promise<Normalized> => {
    const { guild_id: guildId, channel_id: channelId } = place;
    const channel = guildId === undefined || channelId === undefined ? undefined : await channelFacts(channelId);
    const user = client.user;
    const role =
      guildId === undefined || user === null ? undefined : client.guilds.cache.get(guildId)?.roles.botRoleFor(user);
    const authorId = t === "MESSAGE_DELETE" ? authors.get(place.id ?? "") : undefined;
    const known: About = {
      ...first,
      ...(channel === undefined ? {} : { channel }),
      ...(role === undefined || role === null ? {} : { botRoleId: role.id }),
      ...(authorId === undefined ? {} : { authorId }),
    };
    const normalized = normalizeDiscord({ t, d, about: known }, { settings });
    const isEcho =
      "event" in normalized && normalized.event.user.isSelf === true && normalized.event.type !== "membership";
    return isEcho ? ECHO : normalized;
  };

  const add = (t: string, d: unknown, place: Place, inbox: Inbox): void => {
    const isMessage = t === "MESSAGE_CREATE";
    if (isMessage && place.id !== undefined && place.author !== undefined) remember(authors, place.id, place.author.id);
    const isNew = t === "GUILD_CREATE" && place.id !== undefined && !guilds.has(place.id);
    if (isNew) guilds.add(place.id ?? "");
    if (t === "GUILD_DELETE") guilds.delete(place.id ?? "");
    inbox.add({
      channelId: place.channel_id ?? "servers",
      ...(isMessage && place.id !== undefined ? { messageId: place.id } : {}),
      isDirect: isMessage && place.guild_id === undefined,
      read: reader(t, d, place, { ...about(), isNew }),
    });
  };

  return {
    about,
    receive: ({ t, d, shard }, inbox) => {
      const place = Place.safeParse(d).data ?? {};
      if (t === "READY") {
        for (const { id } of place.guilds ?? []) guilds.add(id);
        inbox.hold(shard);
      } else if (t === "MESSAGE_DELETE_BULK") {
        const { ids = [], ...rest } = place;
        for (const id of ids) add("MESSAGE_DELETE", { ...rest, id }, { ...rest, id }, inbox);
      } else if (t !== "RESUMED") add(t, d, place, inbox);
    },
    pageAfter: async (channelId, after, limit) => {
      const query = new URLSearchParams({ after, limit: String(limit) });
      const page = MessagePage.parse(await client.rest.get(discord.Routes.channelMessages(channelId), { query }));
      const channel = client.channels.cache.get(channelId);
      const guild = channel !== undefined && "guildId" in channel ? { guild_id: channel.guildId ?? undefined } : {};
      return page
        .toSorted((left, right) => (BigInt(left.id) < BigInt(right.id) ? -1 : 1))
        .map((message) => ({
          id: message.id,
          read: reader(
            "MESSAGE_CREATE",
            { ...message, ...guild },
            { ...Place.parse(message), ...guild, channel_id: channelId },
            about(),
          ),
        }));
    },
    gaps: (shard) =>
      [...client.channels.cache.values()].flatMap((channel): Gap[] => {
        if (!("guild" in channel) || !channel.isTextBased()) return [];
        if (shard !== undefined && channel.guild.shardId !== shard) return [];
        return mayRead(discord, channel) ? [{ channelId: channel.id, lastMessageId: channel.lastMessageId }] : [];
      }),
  };
}

function mayRead({ PermissionFlagsBits }: Discord, channel: GuildBasedChannel): boolean {
  const { me } = channel.guild.members;
  const { ViewChannel, ReadMessageHistory } = PermissionFlagsBits;
  return me === null || channel.permissionsFor(me).has([ViewChannel, ReadMessageHistory]);
}

/** Keeps the newest entries. */
function remember<Value>(map: Map<string, Value>, key: string, value: Value): void {
  map.set(key, value);
  const [oldest] = map.keys();
  if (map.size > MAX_KNOWN && oldest !== undefined) map.delete(oldest);
}
