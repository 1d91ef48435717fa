/** Finds in the channels' history what came while nobody listened. */
import { z } from "zod";
import type { AdapterContext } from "../../../adapter.ts";
import { describeError, ParleyError, PermanentSendError, RateLimitedError, realSleep } from "../../../adapter.ts";
import { type SlackSettings, catchUpMs } from "../settings.ts";
import type { Workspace, Workspaces } from "../workspaces.ts";
import type { Take } from "./socket.ts";

const Cursor = z.string().regex(/^\d+\.\d+$/u);
const Received = z.object({ event: z.object({ event_ts: Cursor.optional(), ts: Cursor.optional() }) });
const Channels = z.object({
  channels: z.array(z.object({ id: z.string() })),
  response_metadata: z.object({ next_cursor: z.string().optional() }).optional(),
});
const Messages = z.object({
  messages: z.array(
    z
      .object({
        ts: Cursor,
        user: z.string().optional(),
        latest_reply: Cursor.optional(),
        thread_ts: Cursor.optional(),
      })
      .loose(),
  ),
  response_metadata: z.object({ next_cursor: z.string().optional() }).optional(),
});
type Message = z.infer<typeof Messages>["messages"][number];

/** Looks for messages that came while nobody listened, and hands them in as if they came now. */
export interface CatchUp {
  /** Remembers that everything up to this body was seen. */
  readonly note: (body: unknown) => void;
  readonly run: () => Promise<void>;
  readonly close: () => Promise<void>;
}

type Context = Pick<AdapterContext<SlackSettings>, "settings" | "values" | "log" | "environment">;

/** Slack may still try again what is older than the newest message seen: so far back is looked again. */
const OVERLAP_S = 600;
const NOTE_MS = 2_000;
const PAGES = 10;
const PAUSES_MS = [0, 2_000, 10_000, 60_000, 300_000];

/** What Slack's own retries bring as well is dropped as a duplicate: its identity is the same. */
export function createCatchUp(context: Context, workspaces: Workspaces, take: Take): CatchUp {
  const { settings, log, environment } = context;
  const closing = new AbortController();
  const newest = createNewest(context);
  let running: Promise<void> = Promise.resolve();

  async function find(): Promise<void> {
    const stored = await newest.stored();
    if (stored === undefined || settings.catchUpHours === 0) return await newest.release();
    newest.hold();
    const { seen, first } = stored;
    const oldest = Math.max(first, seen - OVERLAP_S, (environment.clock() - catchUpMs(settings)) / 1_000);
    let looked = 0;
    for (const workspace of await workspaces.all()) {
      const search = { workspace, oldest, signal: closing.signal };
      for await (const channel of channelsOf(search)) {
        for (const message of await missedIn(search, channel)) {
          closing.signal.throwIfAborted();
          looked += 1;
          await handIn(asEvent(workspace, channel, message));
        }
      }
    }
    await newest.release();
    log.info({ looked }, "messages of the time without a connection were looked through");
  }

  /** What can never be taken is left out; it must not keep back what came after it. */
  async function handIn(body: object): Promise<void> {
    try {
      await take(body);
    } catch (thrown) {
      if (!(thrown instanceof ParleyError) || thrown.retryable) throw thrown;
      log.warn({ error: describeError(thrown) }, "a missed message could not be taken");
    }
  }

  async function findPatiently(): Promise<void> {
    for (const pauseMs of PAUSES_MS) {
      try {
        await realSleep(pauseMs, closing.signal);
        return await find();
      } catch (thrown) {
        if (closing.signal.aborted) return;
        log.warn({ error: describeError(thrown) }, "missed messages were not found and are looked for again");
      }
    }
  }

  return {
    note: newest.note,
    run: async () => {
      // One search at a time; a connection that breaks meanwhile is searched for afterwards.
      running = running.then(findPatiently);
      await running;
    },
    close: async () => {
      closing.abort();
      await running;
      await newest.save();
    },
  };
}

interface Newest {
  readonly note: (body: unknown) => void;
  /** The newest message, and when the account was connected first; in seconds. Undefined at that first time. */
  readonly stored: () => Promise<{ readonly seen: number; readonly first: number } | undefined>;
  readonly save: () => Promise<void>;
  /** Nothing is saved until it is released. */
  readonly hold: () => void;
  readonly release: () => Promise<void>;
}

/** The newest message seen, kept for the next process. */
function createNewest({ values, environment, log }: Context): Newest {
  // What arrives before and during a search must not be all that is remembered: broken off, it begins again there.
  const state: { newest?: string; saved?: string; savedAt: number; held: boolean } = { savedAt: 0, held: true };
  const save = async (): Promise<void> => {
    if (state.held || state.newest === undefined || state.newest === state.saved) return;
    state.saved = state.newest;
    state.savedAt = environment.clock();
    await values?.set("cursor", state.newest).catch((thrown: unknown) => {
      log.debug({ error: describeError(thrown) }, "the newest message was not noted");
    });
  };
  return {
    save,
    hold: () => {
      state.held = true;
    },
    release: async () => {
      state.held = false;
      await save();
    },
    stored: async () => {
      const seen = Cursor.safeParse(state.saved ?? (await values?.get("cursor")));
      if (seen.success) {
        state.saved = seen.data;
        state.newest ??= seen.data;
        const first = Cursor.safeParse(await values?.get("first"));
        return { seen: Number(seen.data), first: first.success ? Number(first.data) : 0 };
      }
      const now = (environment.clock() / 1_000).toFixed(6);
      await values?.set("first", now);
      state.newest ??= now;
      return undefined;
    },
    note: (body) => {
      const { event_ts: eventTs, ts } = Received.safeParse(body).data?.event ?? {};
      const at = eventTs ?? ts;
      if (at === undefined || (state.newest !== undefined && Number(at) <= Number(state.newest))) return;
      state.newest = at;
      if (environment.clock() - state.savedAt >= NOTE_MS) void save();
    },
  };
}

interface Search {
  readonly workspace: Workspace;
  /** In seconds. */
  readonly oldest: number;
  readonly signal: AbortSignal;
}

async function* channelsOf(search: Search): AsyncGenerator<string> {
  let cursor: string | undefined;
  do {
    // Which workspace: an organisation's token is that of all its workspaces.
    const { team } = search.workspace;
    const query = {
      types: "public_channel,private_channel,mpim,im",
      exclude_archived: true,
      limit: 200,
      team_id: team,
    };
    const answer = await patiently(search, "users.conversations", {
      ...query,
      ...(cursor === undefined ? {} : { cursor }),
    });
    const { channels, response_metadata: next } = Channels.parse(answer);
    for (const { id } of channels) yield id;
    cursor = next?.next_cursor;
  } while (cursor !== undefined && cursor !== "" && !search.signal.aborted);
}

/** What people said in a channel and in those of its threads that went on, oldest first. */
async function missedIn(search: Search, channel: string): Promise<readonly Message[]> {
  const { workspace, oldest } = search;
  const missed: Message[] = [];
  for (const message of await readable(search, channel)) {
    if (Number(message.ts) > oldest) missed.push(message);
    if (Number(message.latest_reply ?? 0) <= oldest) continue;
    const thread = { channel, ts: message.ts, oldest: oldest.toFixed(6) };
    const replies = await pagesOf(search, "conversations.replies", thread);
    missed.push(...replies.filter(({ ts }) => ts !== message.ts && Number(ts) > oldest));
  }
  return missed
    .filter(({ user }) => user !== undefined && user !== workspace.botUser)
    .toSorted((left, right) => Number(left.ts) - Number(right.ts));
}

/** A channel that the bot may not read is passed over. */
async function readable(search: Search, channel: string): Promise<readonly Message[]> {
  try {
    return await pagesOf(search, "conversations.history", { channel });
  } catch (thrown) {
    if (thrown instanceof PermanentSendError) return [];
    throw thrown;
  }
}

async function pagesOf(
  search: Search,
  method: "conversations.history" | "conversations.replies",
  where: Readonly<Record<string, unknown>>,
): Promise<readonly Message[]> {
  const all: Message[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < PAGES && cursor !== "" && !search.signal.aborted; page += 1) {
    const query = { ...where, limit: 100, ...(cursor === undefined ? {} : { cursor }) };
    const { messages, response_metadata: next } = Messages.parse(await patiently(search, method, query));
    all.push(...messages);
    // History begins with the newest.
    if (method === "conversations.history" && messages.some(({ ts }) => Number(ts) <= search.oldest)) break;
    cursor = next?.next_cursor ?? "";
  }
  return all;
}

/** Waits as long as Slack asks for. */
async function patiently(
  { workspace, signal }: Search,
  method: string,
  query: Readonly<Record<string, unknown>>,
): Promise<unknown> {
  for (;;) {
    try {
      return await workspace.call(method, query);
    } catch (thrown) {
      if (!(thrown instanceof RateLimitedError)) throw thrown;
      await realSleep(thrown.retryAfterMs ?? 1_000, signal);
    }
  }
}

function asEvent({ team, botUser }: Workspace, channel: string, message: Message): object {
  return {
    type: "event_callback",
    team_id: team,
    authorizations: [{ user_id: botUser }],
    event: { ...message, type: "message", channel },
  };
}
