/** Where people meet: channels, servers, forums. */
import type { LocalChat } from "../../../core/testing/index.ts";
import type { Dispatches } from "./dispatches.ts";
import type { DiscordPerson } from "./people.ts";
import { addChannel, addGuild, addMessage, type StoredChannel, type StoredGuild, type World } from "./world.ts";

export interface ForumPost {
  readonly forum: string;
  readonly post: string;
  readonly message: string;
}

type People = readonly Pick<DiscordPerson, "id">[];
export type Places = ReturnType<typeof createPlaces>;

/** `home` is the server that groups are channels of. */
export function createPlaces(world: World, home: StoredGuild, dispatches: Dispatches) {
  const channelIn = (guild: StoredGuild, title: string, people: People): LocalChat => {
    for (const { id } of people) guild.members.add(id);
    const name = title.toLowerCase().replaceAll(/\s+/g, "-");
    const members = people.map(({ id }) => id);
    const channel = addChannel(world, { type: "text", name, guildId: guild.id, members });
    return { id: channel.id, type: "group", title };
  };
  return {
    group: async (title: string, people: People): Promise<LocalChat> => {
      const chat = channelIn(home, title, people);
      const channel = world.channels.get(chat.id);
      if (channel !== undefined) dispatches.channelCreated(channel);
      world.changed();
      return chat;
    },
    server: async (title: string, people: People): Promise<LocalChat & { readonly guildId: string }> => {
      const guild = addGuild(world, title);
      const chat = channelIn(guild, title, people);
      dispatches.guildCreated(guild);
      world.changed();
      return { ...chat, guildId: guild.id };
    },
    leave: (guildId: string): void => {
      world.guilds.delete(guildId);
      dispatches.guildDeleted(guildId);
      for (const channel of world.channels.values()) if (channel.guildId === guildId) world.channels.delete(channel.id);
      world.changed();
    },
    /** A server is out of order (`unavailable`), and back as it was. */
    outage: (guildId: string): void => dispatches.guildDeleted(guildId, true),
    comesBack: (guildId: string): void => {
      const guild = world.guilds.get(guildId);
      if (guild !== undefined) dispatches.guildCreated(guild);
    },
    /** Nothing can be posted in a thread any more; an unknown channel (10003) is deleted. */
    closeThread: (threadId: string, error: NonNullable<StoredChannel["closed"]>): void => {
      const thread = world.channels.get(threadId);
      if (thread === undefined) throw new Error(`there is no thread ${threadId}`);
      thread.closed = error;
      if (error.code === 10_003) dispatches.threadDeleted(thread);
    },
    forumPost: async (author: DiscordPerson, title: string, text: string): Promise<ForumPost> => {
      const members = [...home.members, author.id];
      const forum = addChannel(world, { type: "forum", name: "questions", guildId: home.id, members });
      dispatches.channelCreated(forum);
      const user = world.users.get(author.id) ?? world.bot;
      const post = addChannel(world, { type: "thread", name: title, guildId: home.id, parentId: forum.id, members });
      dispatches.threadCreated(post);
      const message = addMessage(world, post, { author: user, content: text });
      dispatches.messageCreated(message);
      return { forum: forum.id, post: post.id, message: message.id };
    },
  };
}
