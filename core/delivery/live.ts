/**
 * Live signals of running turns, shown on one account's platform.
 *
 * `native`: the adapter gets each signal. `edits`: the text is streamed into messages that the final reply is later
 * edited into. Otherwise only typing is shown. Signals may be lost, late or repeated; the delivery of the final reply
 * needs none of them.
 */
import type { OutboxEntry } from "../broker/outbox-entry.ts";
import type { Json } from "../json.ts";
import { LiveSignal } from "../live.ts";
import { type Sleep, realSleep } from "../timing/sleep.ts";
import { briefError } from "./brief-error.ts";
import { type LiveMessages, NO_LIVE_MESSAGES, recallLive, rememberLive } from "./live-messages.ts";
import type { SplitIn } from "./parts.ts";
import type { DeliveryPlatform } from "./platform.ts";
import { splitIn } from "./split-in.ts";
import { type OnTheirWay, createOnTheirWay } from "./on-their-way.ts";
import { createStream } from "./stream.ts";
import { type Streams, createStreams } from "./streams.ts";
import { type Typing, createTyping } from "./typing.ts";

/** What a delivery asks of the live side. */
export interface LiveReplies {
  /** A reply of this conversation is on its way: streams of later turns must not overtake it. */
  readonly starting: (entry: OutboxEntry) => void;
  /** Ends the streaming of this turn for good and gives the messages that show it. */
  readonly takeOver: (entry: OutboxEntry) => Promise<LiveMessages>;
  /** The reply has its outcome. */
  readonly settled: (entry: OutboxEntry) => void;
}

export interface Live extends LiveReplies {
  /** Takes one message of the topic `live:<account>`; anything that is no live signal is dropped. */
  readonly handle: (message: Json) => void;
  /** Stops all streams and clears all typing. */
  readonly close: () => Promise<void>;
}

export interface LiveOptions extends Omit<DeliveryPlatform, "sleep" | "split"> {
  /** @default the process's timers */
  readonly sleep?: Sleep;
  /** @default core/markdown's lossless split */
  readonly splitIn?: SplitIn;
  /** Typing is cleared after this long whatever happens, in ms. @default 120_000 */
  readonly maxTypingMs?: number;
}

/** What the signals of one account are shown with. */
interface Side {
  readonly platform: DeliveryPlatform;
  readonly typing: Typing;
  readonly streams: Streams;
  readonly onTheirWay: OnTheirWay;
  /** The pace of edits where text is streamed by them. */
  readonly edits: { readonly minIntervalMs: number } | undefined;
}

/** The live side of one account. Subscribe `handle` to `live:<account>`. */
export function createLive(options: LiveOptions): Live {
  const side = sideOf(options);
  const { typing, streams, onTheirWay, edits } = side;
  const { broker } = options;
  const { streaming } = options.adapter.manifest.capabilities;
  let closed = false;
  return {
    handle: (message) => {
      const parsed = LiveSignal.safeParse(message);
      if (!parsed.success || closed) return;
      if (streaming !== false && streaming.style === "native") toNative(options, parsed.data);
      // What only the requester may read is not written into messages that a chat sees: the final reply is shown to them alone.
      const { signal } = parsed.data;
      if (!("visibility" in signal && signal.visibility === "requester")) onSignal(side, parsed.data);
    },
    starting: onTheirWay.announce,
    takeOver: async (entry) => {
      await streams.end(entry);
      if (edits === undefined || entry.index !== 0 || entry.streamed === false) return NO_LIVE_MESSAGES;
      const messages = await recallLive(broker, entry);
      const taken = entry.reply.visibility === "requester" ? givenUp(messages) : { ...messages, final: true };
      // Told even where nothing is shown yet: another process may be about to.
      if (!messages.final) await rememberLive(broker, entry, taken);
      return taken;
    },
    settled: (entry) => {
      if (entry.index < entry.count - 1) return;
      onTheirWay.arrived(entry);
      inBackground(side, typing.clear(entry));
    },
    close: async () => {
      closed = true;
      await Promise.all([streams.close(), typing.close()]);
    },
  };
}

/** Messages that all could read cannot become a reply for one: it is sent anew, and they are removed. */
function givenUp({ ids, abandoned }: LiveMessages): LiveMessages {
  return { ids: [], abandoned: [...abandoned, ...ids], final: true };
}

function sideOf(options: LiveOptions): Side {
  const { adapter, session, environment, log, sleep = realSleep } = options;
  const split = (options.splitIn ?? splitIn)(adapter.manifest.capabilities.text);
  const platform = { ...options, sleep, split };
  const { maxTypingMs } = options;
  const { streaming, typing } = adapter.manifest.capabilities;
  const edits =
    streaming !== false && streaming.style === "edits" && session.edit !== undefined ? streaming : undefined;
  const onTheirWay = createOnTheirWay(environment.clock);
  return {
    platform,
    onTheirWay,
    edits,
    typing: createTyping({
      typing,
      session,
      log,
      sleep,
      ...(maxTypingMs === undefined ? {} : { maxMs: maxTypingMs }),
    }),
    streams: createStreams((turn, target) =>
      createStream(platform, {
        turn,
        target,
        minIntervalMs: edits?.minIntervalMs ?? 0,
        mayShow: () => onTheirWay.nothingBefore(turn),
      }),
    ),
  };
}

function onSignal(side: Side, live: LiveSignal): void {
  const { signal, target } = live;
  switch (signal.type) {
    case "started":
    case "status":
      if (!side.streams.isOver(live)) side.typing.show(live);
      return;
    case "delta":
      if (side.edits !== undefined) side.streams.open(live, target)?.add(signal.offset, signal.text);
      return;
    case "reset":
      side.streams.find(live)?.reset();
      return;
    case "finished":
      inBackground(side, side.typing.clear(live));
      if (signal.replies === 0) {
        inBackground(side, takeBack(side, live));
      } else {
        if (!side.streams.isOver(live)) side.onTheirWay.announce(live);
        inBackground(side, side.streams.end(live));
      }
  }
}

/** A turn that ends without a reply takes back what it showed. */
async function takeBack(side: Side, live: LiveSignal): Promise<void> {
  const { broker, session } = side.platform;
  await side.streams.end(live);
  if (side.edits === undefined) return;
  const messages = await recallLive(broker, live);
  if (messages.final || messages.ids.length === 0) return;
  await rememberLive(broker, live, { ...NO_LIVE_MESSAGES, final: true });
  for (const id of messages.ids) await session.remove?.(live.target, id);
}

function inBackground(side: Side, work: Promise<void>): void {
  const { log } = side.platform;
  work.catch((thrown: unknown) => log.debug({ error: briefError(thrown) }, "A live signal could not be shown"));
}

function toNative(options: LiveOptions, live: LiveSignal): void {
  try {
    options.session.live?.(live);
  } catch (thrown) {
    const { platform } = options.adapter.manifest;
    options.log.error({ error: briefError(thrown), platform }, "An adapter's live() threw");
  }
}
