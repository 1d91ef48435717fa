/**
 * Delivers the replies of one account: renders them for the platform, sends the parts in order, and records what
 * became of each.
 *
 * A reply is delivered, partial, failed or unknown; which of them is never a guess. Progress is durable before and
 * after each part, so a process that dies leaves at most one part in doubt, and the next one goes on from there.
 */
import type { DeliveryAttempt, DeliveryHandler } from "../broker/broker.ts";
import { realSleep } from "../timing/sleep.ts";
import { briefError } from "./brief-error.ts";
import { type DeliveryRun, type Ending, partsNow } from "./delivery-run.ts";
import { DEFAULT_SEND_POLICY } from "./send-policy.ts";
import type { DeliveryOptions } from "./delivery-options.ts";
import { NO_LIVE_MESSAGES } from "./live-messages.ts";
import { createLiveTarget } from "./live-target.ts";
import { type ChoiceLists, createChoiceLists } from "./numbered-choices.ts";
import { type RenderParts, renderParts } from "./parts.ts";
import type { DeliveryPlatform } from "./platform.ts";
import { NO_PROGRESS, createProgress } from "./progress.ts";
import { removeLeftovers } from "./remove-leftovers.ts";
import { sendParts } from "./send-parts.ts";
import { saveOutcome } from "./outcome.ts";
import { splitIn } from "./split-in.ts";

/** The most choices a reply can have: an adapter that shows so many as buttons never shows numbers. */
const MAX_CHOICES = 25;

/** What became of a reply whose place was gone. */
const MOVED = { chat: "said in the chat", requester: "said to the person directly" } as const;

/**
 * A handler for `broker.deliver`. Resolves when the reply has its outcome. Throws without one when the signal is
 * aborted or when nothing can be recorded: then the next attempt goes on where this one stopped.
 */
export function createDelivery(options: DeliveryOptions): DeliveryHandler {
  const { adapter, telemetry, environment, sleep = realSleep } = options;
  const { platform: name, capabilities } = adapter.manifest;
  const choices = createChoiceLists(options.broker);
  const split = (options.splitIn ?? splitIn)(capabilities.text);
  const handler: DeliveryHandler = async (attempt) => {
    const { entry } = attempt;
    const log = telemetry.log.child({ eventId: entry.eventId, conversation: entry.conversation });
    const attributes = { "parley.event": entry.eventId, "parley.platform": name, "parley.reply": entry.id };
    await telemetry.inSpan({ name: "delivery", attributes }, async () => {
      const startedAt = environment.clock();
      options.live?.starting(entry);
      const run = await prepare({ ...options, choices }, { ...options, log, sleep, split }, attempt);
      if ("outcome" in run) {
        attempt.signal.throwIfAborted();
        const progress = attempt.progress ?? NO_PROGRESS;
        await saveOutcome(options, { attempt, log, ending: run, progress, parts: 0, degraded: [], startedAt });
      } else await finish(options, run, startedAt);
      options.live?.settled(entry);
    });
  };
  return handler;
}

/** Renders, takes over what was streamed, and sees to numbered choices. A reply that cannot be rendered has failed. */
async function prepare(
  options: DeliveryOptions & { readonly choices: ChoiceLists },
  platform: DeliveryPlatform,
  attempt: DeliveryAttempt,
): Promise<DeliveryRun | Ending> {
  const { adapter, environment, live, broker, choices } = options;
  const { entry } = attempt;
  let rendering: RenderParts;
  try {
    rendering = renderParts(entry.reply, adapter, {
      split: platform.split,
      locale: entry.reply.locale ?? options.locale,
    });
  } catch (thrown) {
    platform.log.error({ error: briefError(thrown), reply: entry.id }, "A reply could not be rendered");
    return { outcome: "failed", detail: `the adapter could not render it (${briefError(thrown)})` };
  }
  const run: DeliveryRun = {
    platform,
    attempt,
    rendering,
    progress: createProgress(attempt, environment.clock, platform.sleep),
    liveTarget: createLiveTarget(broker, entry, (await live?.takeOver(entry)) ?? NO_LIVE_MESSAGES),
    policy: { ...DEFAULT_SEND_POLICY, ...options.policy },
  };
  // Before the first part is seen: the answer may be typed at once.
  if (partsNow(run).numberedChoices) await choices.show(entry.conversation, entry.reply.choices ?? []);
  else if (entry.index === 0 && adapter.manifest.capabilities.choices.max < MAX_CHOICES)
    await choices.end(entry.conversation, attempt.signal);
  return run;
}

/** Sends the messages, records what became of them, and removes what the stream left over. */
async function finish(options: DeliveryOptions, run: DeliveryRun, startedAt: number): Promise<void> {
  const { attempt, progress, platform } = run;
  const ending = await sendParts(run);
  attempt.signal.throwIfAborted();
  const { payloads, degraded } = partsNow(run);
  const { state } = progress;
  const moved = (state.moves ?? []).map(({ audience }) => ({ feature: "place", shownAs: MOVED[audience] }));
  const shown = { parts: payloads.length, degraded: [...degraded, ...moved] };
  await saveOutcome(options, { attempt, log: platform.log, ending, progress: state, ...shown, startedAt });
  await removeLeftovers(run, ending);
}
