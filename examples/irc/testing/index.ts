/** A local IRC server with one bot and its people, for tests and `parley dev`. */
import type { LocalPerson, LocalPlatform, OpenLocalPlatform, SeenMessage } from "parleyjs/testing";
import { irc } from "../index.ts";
import { createServerSide } from "./server.ts";

const NICK = "harbour";
const CHANNEL = "#harbour";

/** Opens the server on a free port of this machine. */
export const openIrcLocally: OpenLocalPlatform = async ({ accountName, settings, port = 0 } = {}) => {
  const server = await createServerSide({ nick: NICK, port });
  const account = irc({
    ...(accountName === undefined ? {} : { name: accountName }),
    host: "127.0.0.1",
    port: server.port,
    tls: false,
    nick: NICK,
    channels: [CHANNEL],
    ...settings,
  });
  const person = (id: string, name = id): LocalPerson => {
    const nick = name.replaceAll(/[^\w-]/gu, "") || `p${id}`;
    const sees = (chat?: string): readonly SeenMessage[] => server.seen(chat ?? nick);
    return {
      id: nick,
      name: nick,
      say: async (text, { chat, mentionBot = false } = {}) =>
        await server.say(nick, chat ?? NICK, mentionBot ? `${NICK}: ${text}` : text),
      command: async (name_, text = "") => {
        await server.say(nick, NICK, `/${name_} ${text}`.trim());
        return { acknowledged: true, withinMs: 0 };
      },
      sees,
    };
  };
  const platform: LocalPlatform = {
    platform: "irc",
    account,
    person,
    group: async () => ({ id: CHANNEL, type: "group", title: CHANNEL }),
    refusedCalls: server.refusedCalls,
    faults: server.faults,
    isConnected: server.isConnected,
    onChange: server.onChange,
    close: server.close,
  };
  return platform;
};
