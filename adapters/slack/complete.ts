/** Adds what Slack's events leave out: the app's bots in other workspaces, and the message that a thread began with. */
import { LRUCache } from "lru-cache";
import { z } from "zod";
import type { AdapterContext, Json } from "../../adapter.ts";
import { describeError, optionalPart, within } from "../../adapter.ts";
import type { SlackSettings } from "./settings.ts";
import type { Workspaces } from "./workspaces.ts";

type Context = Pick<AdapterContext<SlackSettings>, "settings" | "log" | "values">;

/** Slack waits three seconds for the acknowledgement. */
const PATIENCE_MS = 1_200;
const MAX_KNOWN = 500;

const Event = z.looseObject({
  team_id: optionalPart(z.string()),
  is_ext_shared_channel: optionalPart(z.boolean()),
  event: z.looseObject({
    type: z.string(),
    channel: optionalPart(z.string()),
    text: optionalPart(z.string()),
    ts: optionalPart(z.string()),
    thread_ts: optionalPart(z.string()),
    bot_id: optionalPart(z.string()),
  }),
});
type Event = z.infer<typeof Event>;
const Replies = z.object({ messages: z.array(z.looseObject({ ts: z.string(), user: optionalPart(z.string()) })) });
const Person = z.object({
  user: z.object({
    name: optionalPart(z.string()),
    real_name: optionalPart(z.string()),
    profile: optionalPart(z.object({ display_name: optionalPart(z.string()) })),
  }),
});

/** Gives the body with what is known beside it. What cannot be learned in time is left out. */
export type Complete = (body: unknown) => Promise<unknown>;

export function createComplete(context: Context, workspaces: Workspaces): Complete {
  const parents = new LRUCache<string, Promise<object | undefined>>({ max: MAX_KNOWN });
  return async (body) => {
    const read = Event.safeParse(body);
    if (!read.success) return body;
    const own = await workspaces.botUsers();
    const team = await homeOf(context, workspaces, read.data);
    const parent = await parentOf({ context, workspaces, parents }, { ...read.data, team_id: team }, own);
    return {
      ...read.data,
      ...(team === undefined ? {} : { team_id: team }),
      own_users: own,
      ...(parent === undefined ? {} : { parent }),
    };
  };
}

/**
 * A channel that several workspaces share is told to each installation under that one's name. The first that told of it
 * stays its name, so that there is one conversation, whoever tells first next time.
 */
async function homeOf(
  { settings, values, log }: Context,
  workspaces: Workspaces,
  { team_id: team, is_ext_shared_channel: isShared, event }: Event,
): Promise<string | undefined> {
  const { channel } = event;
  if (settings.oauth === undefined || isShared !== true || channel === undefined || team === undefined) return team;
  try {
    const known = z.string().safeParse(await values?.get(`shared:${channel}`));
    if (known.success && (await workspaces.isInstalled(known.data))) return known.data;
    await values?.set(`shared:${channel}`, team satisfies Json);
  } catch (thrown) {
    log.warn(
      { error: describeError(thrown) },
      "a shared channel of Slack is taken under the workspace that told of it",
    );
  }
  return team;
}

interface Parents {
  readonly context: Context;
  readonly workspaces: Workspaces;
  readonly parents: LRUCache<string, Promise<object | undefined>>;
}

/** Asked once for each thread, and only where somebody calls the bot in it: the words may be about its first message. */
async function parentOf(
  { context, workspaces, parents }: Parents,
  { team_id: team, event }: Event,
  own: readonly string[],
): Promise<object | undefined> {
  const { channel, thread_ts: thread, ts, text = "", bot_id: botId, type } = event;
  const isCalled = type === "app_mention" || own.some((id) => text.includes(`<@${id}`));
  if (channel === undefined || thread === undefined || thread === ts || botId !== undefined || !isCalled)
    return undefined;
  const key = `${channel}:${thread}`;
  const asking = parents.get(key) ?? firstMessage(workspaces, { team, channel, ts: thread });
  parents.set(key, asking);
  try {
    return (await within(async () => await asking, { ms: PATIENCE_MS }))?.value;
  } catch (thrown) {
    parents.delete(key);
    context.log.debug({ error: describeError(thrown) }, "the first message of a thread was not read");
    return undefined;
  }
}

interface Place {
  readonly team: string | undefined;
  readonly channel: string;
  readonly ts: string;
}

async function firstMessage(workspaces: Workspaces, { team, channel, ts }: Place): Promise<object | undefined> {
  const workspace = await workspaces.of(team);
  const query = { channel, ts, latest: ts, inclusive: true, limit: 1 };
  const { messages } = Replies.parse(await workspace.call("conversations.replies", query));
  const message = messages.find((one) => one.ts === ts);
  if (message?.user === undefined) return message;
  const asked = await workspace.call("users.info", { user: message.user }).catch(() => undefined);
  const { name, real_name: real, profile } = Person.safeParse(asked).data?.user ?? {};
  const author = [profile?.display_name, real, name].find((one) => one !== undefined && one !== "");
  return author === undefined ? message : { ...message, author };
}
