/** What a stream shows on the platform: its text as one message, or as several where it outgrows one. */
import type { Outgoing } from "../adapter.ts";
import type { SealedPayload } from "../adapter-binding.ts";
import type { Reply, ReplyTarget } from "../reply.ts";
import { fragmentsOf } from "./fragments.ts";
import { type LiveTurn, recallLive, rememberLive } from "./live-messages.ts";
import type { DeliveryPlatform } from "./platform.ts";

/** The next thing to do so that the messages show the text. */
export interface Update {
  /** A message is sent or edited. */
  readonly kind: "send" | "edit";
  /** False when the final reply has taken over meanwhile; then nothing more must be shown. */
  readonly apply: () => Promise<boolean>;
}

export interface Screen {
  /** Undefined when everything is shown. */
  readonly nextUpdate: (text: string, plain: boolean) => Update | undefined;
}

interface Shown {
  /** Left out: it is shown as a preview, which is no message. */
  readonly id?: string;
  readonly text: string;
}

/** How long a platform call of a stream may take. */
export const STREAM_CALL_TIMEOUT_MS = 10_000;

/** The messages of one turn's stream; remembered so that any process can finalise them. */
export function createScreen(platform: DeliveryPlatform, turn: LiveTurn, target: ReplyTarget): Screen {
  const { adapter, session, broker } = platform;
  const { capabilities } = adapter.manifest;
  const shown: Shown[] = [];

  function pieces(text: string, plain: boolean): readonly Reply[] {
    if (text.trim() === "") return [];
    return fragmentsOf(draftOf(turn.eventId, text), {
      text: capabilities.text,
      split: platform.split,
      count: (fragment) => adapter.render(fragment, { capabilities, plain }).parts.length,
    });
  }

  async function show(outgoing: Outgoing<SealedPayload>, text: string, id: string | undefined): Promise<boolean> {
    if (id === undefined && (await session.preview?.(outgoing)) !== true) return await send(outgoing, text);
    if (id !== undefined) await session.edit?.(outgoing, id);
    shown[outgoing.part] = id === undefined ? { text } : { id, text };
    return true;
  }

  async function send(outgoing: Outgoing<SealedPayload>, text: string): Promise<boolean> {
    const { messageId } = await session.send(outgoing);
    shown[outgoing.part] = { id: messageId, text };
    const known = await recallLive(broker, turn);
    if (!known.final) {
      await rememberLive(broker, turn, { ...known, ids: shown.flatMap(({ id }) => id ?? []) });
      return true;
    }
    // The final reply was written meanwhile: this message is one too many.
    await rememberLive(broker, turn, { ...known, abandoned: [...known.abandoned, messageId] });
    await session.remove?.(target, messageId);
    return false;
  }

  return {
    nextUpdate: (text, plain) => {
      const all = pieces(text, plain);
      const part = all.findIndex((piece, index) => shown[index]?.text !== piece.text);
      const piece = all[part];
      const [payload] = piece === undefined ? [] : adapter.render(piece, { capabilities, plain }).parts;
      if (piece === undefined || payload === undefined) return undefined;
      const shownAs = shown[part]?.id;
      return {
        kind: shownAs === undefined ? "send" : "edit",
        apply: async () => {
          if ((await recallLive(broker, turn)).final) return false;
          const outgoing = { ...liveOutgoing(turn, target), payload, part, partCount: all.length };
          return await show({ ...outgoing, key: `${turn.eventId}.live.${part}` }, piece.text, shownAs);
        },
      };
    },
  };
}

/** What all updates of a turn's stream have in common. */
function liveOutgoing({ conversation, eventId }: LiveTurn, target: ReplyTarget) {
  const signal = AbortSignal.timeout(STREAM_CALL_TIMEOUT_MS);
  return { conversation, eventId, target, replyIndex: 0, replyCount: 1, live: true, signal };
}

/** A reply that is nothing but its words so far. */
function draftOf(id: string, text: string): Reply {
  return { id, text, sources: [], disclaimers: [], confidence: 1, processingTimeMs: 0, model: "none" };
}
