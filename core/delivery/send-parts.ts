/** Sends the parts of one reply, in order, and decides after each failure how to go on. */
import type { Outgoing } from "../adapter.ts";
import type { SealedPayload } from "../adapter-binding.ts";
import { AmbiguousSendError, type Elsewhere } from "../send-errors.ts";
import { backOffMs } from "../timing/back-off.ts";
import { within } from "../timing/deadline.ts";
import { briefError } from "./brief-error.ts";
import { shownBy } from "./live-target.ts";
import { type DeliveryRun, type Ending, nextOutgoing, partsNow } from "./delivery-run.ts";
import { isInDoubt } from "./progress.ts";
import { resolveDoubt } from "./doubt.ts";
import { type SendFailure, readSendFailure } from "./send-failure.ts";
import { untilReady } from "./until-ready.ts";

/** An edit of a live message is given up for a new message after so many failures, or a longer pause than this. */
const MAX_EDIT_FAILURES = 3;
const MAX_EDIT_PAUSE_MS = 10_000;

/** Throws only when it must stop without an outcome (aborted, or nothing can be recorded); the next attempt goes on. */
export async function sendParts(run: DeliveryRun): Promise<Ending> {
  for (;;) {
    run.attempt.signal.throwIfAborted();
    const outgoing = nextOutgoing(run);
    if (outgoing === undefined) return { outcome: "delivered" };
    const ending = await tryPart(run, outgoing);
    if (ending !== undefined) return ending;
  }
}

/** One try of the next part. Gives an ending, or nothing when the loop shall go on. */
async function tryPart(run: DeliveryRun, outgoing: Outgoing<SealedPayload>): Promise<Ending | undefined> {
  const { progress, platform, attempt } = run;
  const liveMessage = run.liveTarget.messages.ids[outgoing.part];
  await untilReady(platform, attempt.signal);
  // An edit is the same however often it is made; only a new message can be one too many.
  if (isInDoubt(progress.state) && liveMessage === undefined) {
    const verdict = await resolveDoubt(run, outgoing);
    if (verdict.kind === "unknown") return { outcome: "unknown", detail: verdict.detail };
    if (verdict.kind === "sent") {
      await progress.sent(verdict.messageId);
      return undefined;
    }
  }
  await platform.limiter.acquire(outgoing.target.chat, attempt.signal);
  await progress.sending();
  let messageId: string;
  try {
    messageId = await sendPart(run, outgoing, liveMessage);
  } catch (thrown) {
    return await onFailure(run, outgoing, thrown);
  }
  await progress.sent(messageId);
  return undefined;
}

async function sendPart(
  run: DeliveryRun,
  outgoing: Outgoing<SealedPayload>,
  liveMessage: string | undefined,
): Promise<string> {
  const { session, adapter, sleep } = run.platform;
  const answer = await within(
    async (signal) => {
      const timed = { ...outgoing, signal };
      if (liveMessage === undefined) return (await session.send(timed)).messageId;
      await session.edit?.(timed, liveMessage);
      return liveMessage;
    },
    { ms: run.policy.sendTimeoutMs, sleep, signal: outgoing.signal },
  );
  if (answer === undefined) throw new AmbiguousSendError(adapter.manifest.platform);
  return answer.value;
}

async function onFailure(
  run: DeliveryRun,
  outgoing: Outgoing<SealedPayload>,
  thrown: unknown,
): Promise<Ending | undefined> {
  const { progress, attempt, platform } = run;
  const failure = readSendFailure(thrown);
  const fields = { error: briefError(thrown), kind: failure.kind, reply: attempt.entry.id, part: outgoing.part };
  if (failure.kind === "ambiguous" && !failure.expected && !attempt.signal.aborted) {
    platform.log.error(fields, "An adapter threw an error that the contract does not know; taken as ambiguous");
  } else {
    platform.log.warn(fields, "A message was not sent");
  }
  if (attempt.signal.aborted) {
    // The next owner need not doubt what certainly did not arrive.
    if (failure.kind !== "ambiguous") await progress.notSent(false);
    throw attempt.signal.reason;
  }
  return run.liveTarget.messages.ids[outgoing.part] === undefined
    ? await onSendFailure(run, outgoing, { failure, thrown })
    : await onEditFailure(run, outgoing, { failure, thrown });
}

interface Failed {
  readonly failure: SendFailure;
  readonly thrown: unknown;
}

async function onSendFailure(
  run: DeliveryRun,
  outgoing: Outgoing<SealedPayload>,
  { failure, thrown }: Failed,
): Promise<Ending | undefined> {
  const { progress, platform } = run;
  switch (failure.kind) {
    case "rate-limited":
      await progress.notSent(false);
      platform.limiter.pause(outgoing.target.chat, failure.retryAfterMs);
      return undefined;
    case "markup-refused":
      if (progress.state.plain) {
        await progress.notSent(false);
        return endingAt(run, outgoing, "the platform refused plain text");
      }
      await progress.plain();
      return undefined;
    case "place-gone":
      return await moveElsewhere(run, outgoing, { elsewhere: failure.elsewhere, thrown });
    case "file-refused":
      if (hasFile(run, outgoing)) {
        await progress.withoutFile();
        return undefined;
      }
      await progress.notSent(false);
      return endingAt(run, outgoing, briefError(thrown));
    case "permanent":
      await progress.notSent(false);
      return endingAt(run, outgoing, briefError(thrown));
    case "transient":
      await progress.notSent(true);
      return await backOff(run, outgoing, thrown);
    case "ambiguous":
      await progress.failedInDoubt();
      return await backOff(run, outgoing, thrown);
  }
}

/** The final text could not be edited into the live message: it is tried again, or said in a new message. */
async function onEditFailure(
  run: DeliveryRun,
  outgoing: Outgoing<SealedPayload>,
  { failure, thrown }: Failed,
): Promise<Ending | undefined> {
  const { progress, liveTarget, platform } = run;
  const sayAnew = async (): Promise<undefined> => {
    await progress.notSent(false);
    await liveTarget.abandon(outgoing.part);
  };
  switch (failure.kind) {
    case "rate-limited":
      if (failure.retryAfterMs > MAX_EDIT_PAUSE_MS) return await sayAnew();
      await progress.notSent(false);
      platform.limiter.pause(outgoing.target.chat, failure.retryAfterMs);
      return undefined;
    case "markup-refused":
      if (progress.state.plain) return await sayAnew();
      await progress.plain();
      return undefined;
    case "file-refused":
      if (!hasFile(run, outgoing)) return await sayAnew();
      await progress.withoutFile();
      return undefined;
    case "place-gone":
    case "permanent":
      return await sayAnew();
    case "transient":
    case "ambiguous": {
      await progress.failedInDoubt();
      return isWorthAnotherEdit(run, failure) ? await backOff(run, outgoing, thrown) : await sayAnew();
    }
  }
}

/** A message that must not be repeated may stand there already: only the same edit is safe. */
function isWorthAnotherEdit({ progress, attempt }: DeliveryRun, failure: SendFailure): boolean {
  const mustNotRepeat = failure.kind === "ambiguous" && attempt.entry.repeat === "never";
  return mustNotRepeat || progress.state.failures < MAX_EDIT_FAILURES;
}

function hasFile(run: DeliveryRun, { part }: Outgoing<SealedPayload>): boolean {
  return partsNow(run).withFiles[part] === true;
}

/** Its place is gone: the reply is said whole in the next one, unless it was there already or others would read it. */
async function moveElsewhere(
  run: DeliveryRun,
  outgoing: Outgoing<SealedPayload>,
  { elsewhere, thrown }: { readonly elsewhere: Elsewhere | undefined; readonly thrown: unknown },
): Promise<Ending | undefined> {
  const { progress, liveTarget, attempt } = run;
  const { thread, ...chat } = outgoing.target;
  const inChat: Elsewhere | undefined = thread === undefined ? undefined : { audience: "chat", target: chat };
  const to = elsewhere ?? inChat;
  const known = (progress.state.moves ?? []).map(({ audience }) => audience);
  // The person's own chat is the last place; what is for the person alone goes there or nowhere.
  const isLast = known.includes("requester") || (to !== undefined && known.includes(to.audience));
  const isWider = attempt.entry.reply.visibility === "requester" && to?.audience === "chat";
  if (to === undefined || isLast || isWider) {
    await progress.notSent(false);
    return endingAt(run, outgoing, briefError(thrown));
  }
  if (shownBy(liveTarget.messages).length > 0) await liveTarget.abandon(0);
  await progress.moved(to);
  return undefined;
}

async function backOff(
  run: DeliveryRun,
  outgoing: Outgoing<SealedPayload>,
  thrown: unknown,
): Promise<Ending | undefined> {
  const { failures } = run.progress.state;
  if (failures >= run.policy.maxFailures) return endingAt(run, outgoing, briefError(thrown));
  const { sleep, environment } = run.platform;
  await sleep(backOffMs(failures, run.policy, environment.random()), run.attempt.signal);
  return undefined;
}

/** The end of a reply that cannot be completed. A part that was in doubt stays in doubt, whatever failed after it. */
function endingAt(run: DeliveryRun, outgoing: Outgoing<SealedPayload>, reason: string): Ending {
  const { progress } = run;
  const { sent, repeated } = progress.state;
  const detail = `part ${outgoing.part + 1} of ${outgoing.partCount}: ${reason}`;
  if (isInDoubt(progress.state) || repeated.includes(outgoing.part)) return { outcome: "unknown", detail };
  return { outcome: sent.length === 0 ? "failed" : "partial", detail };
}
