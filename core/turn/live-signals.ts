import type { Broker } from "../broker/broker.ts";
import type { CrewTurn } from "../crew.ts";
import type { InboundEvent } from "../event.ts";
import { Json } from "../json.ts";
import type { LiveSignal } from "../live.ts";
import { describeError } from "../errors.ts";
import type { Logger } from "../telemetry.ts";
import { targetOf } from "./outbox-drafts.ts";
import { cutText } from "../text/cut.ts";

/** A turn that answers faster than this shows no typing: it would only flicker. */
const TYPING_DELAY_MS = 40;
/** The same where many turns run: they take longer since they wait for one another, and their signals would add to it. */
const TYPING_DELAY_BUSY_MS = 300;
const BUSY_FROM_TURNS = 8;

/** Turns of this process that run. */
let turns = 0;

/** Sends a turn's live signals. They may be lost; the final reply may not. */
export interface LiveSignals {
  readonly emit: CrewTurn["emit"];
  /** Whether words of the answer were sent, which may be shown by now. */
  readonly hasStreamed: () => boolean;
  /** Exactly once. */
  readonly finish: (replies: number, why?: Ending) => void;
}

/** As JSON has it: a reason is there or is not. */
interface Ending {
  readonly reason?: string;
  readonly retryAfterMs?: number;
  /** The events that were answered together. */
  readonly covered?: readonly string[];
}

type Signal =
  | Exclude<LiveSignal["signal"], { readonly type: "finished" }>
  | ({ readonly type: "finished"; readonly replies: number } & Omit<Ending, "covered"> & { covered?: string[] });

/** Opens the side channel of one turn. */
export function openLiveSignals(event: InboundEvent, broker: Pick<Broker, "publish">, log: Logger): LiveSignals {
  let offset = 0;
  let started = false;
  let streamed = false;
  let target: Json | undefined;
  const publish = (signal: Signal): void => {
    target ??= Json.parse(targetOf(event));
    broker
      .publish(`live:${event.account}`, { conversation: event.conversation, eventId: event.id, target, signal })
      .catch((thrown: unknown) =>
        log.debug({ correlationId: event.id, error: describeError(thrown) }, "live signal lost"),
      );
  };
  const start = (): void => {
    if (started) return;
    started = true;
    clearTimeout(timer);
    publish({ type: "started" });
  };
  turns += 1;
  const timer = setTimeout(start, turns < BUSY_FROM_TURNS ? TYPING_DELAY_MS : TYPING_DELAY_BUSY_MS);
  return {
    emit: (signal) => {
      start();
      const visibility = signal.type === "reset" ? undefined : signal.visibility;
      const audience = visibility === undefined ? {} : { visibility };
      switch (signal.type) {
        case "delta":
          streamed = true;
          publish({ type: "delta", text: signal.text, offset, ...audience });
          offset += signal.text.length;
          return;
        case "status":
          publish({ type: "status", text: cutText(signal.text, 500, "…"), ...audience });
          return;
        case "reset":
          offset = 0;
          publish(signal);
      }
    },
    hasStreamed: () => streamed,
    finish: (replies, { reason, retryAfterMs, covered = [] } = {}) => {
      turns -= 1;
      clearTimeout(timer);
      if (!started && replies > 0 && covered.length < 2) return;
      const why = {
        ...(covered.length < 2 ? {} : { covered: [...covered] }),
        ...(reason === undefined ? {} : { reason }),
        ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
      };
      publish({ type: "finished", replies, ...why });
    },
  };
}
