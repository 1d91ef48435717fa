import type { Broker } from "../broker/broker.ts";
import type { InboundEvent } from "../event.ts";
import { Json } from "../json.ts";
import type { LiveSignal } from "../live.ts";
import { describeError } from "../errors.ts";
import type { Logger } from "../telemetry.ts";
import { targetOf } from "./outbox-drafts.ts";

/** A turn that answers faster than this shows no typing: it would only flicker. */
const TYPING_DELAY_MS = 40;

/** Sends a turn's live signals. They may be lost; the final reply may not. */
export interface LiveSignals {
  readonly emit: (
    signal: { readonly type: "status" | "delta"; readonly text: string } | { readonly type: "reset" },
  ) => void;
  readonly finish: (replies: number, reason?: string) => void;
}

/** As JSON has it: a reason is there or is not. */
type Signal =
  | Exclude<LiveSignal["signal"], { readonly type: "finished" }>
  | { readonly type: "finished"; readonly replies: number; readonly reason: string }
  | { readonly type: "finished"; readonly replies: number };

/** Opens the side channel of one turn. */
export function openLiveSignals(event: InboundEvent, broker: Pick<Broker, "publish">, log: Logger): LiveSignals {
  let offset = 0;
  let started = false;
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
  const timer = setTimeout(start, TYPING_DELAY_MS);
  return {
    emit: (signal) => {
      start();
      switch (signal.type) {
        case "delta":
          publish({ type: "delta", text: signal.text, offset });
          offset += signal.text.length;
          return;
        case "status":
          publish({ type: "status", text: signal.text.slice(0, 500) });
          return;
        case "reset":
          offset = 0;
          publish(signal);
      }
    },
    finish: (replies, reason) => {
      clearTimeout(timer);
      if (started || replies === 0) publish({ type: "finished", replies, ...(reason === undefined ? {} : { reason }) });
    },
  };
}
