import type { AdapterSession } from "../adapter.ts";
import type { BoundAdapter, SealedPayload } from "../adapter-binding.ts";
import type { Broker } from "../broker/broker.ts";
import type { OutboxEntry } from "../broker/outbox-entry.ts";
import type { AccountId } from "../conversation-id.ts";
import type { Environment } from "../environment.ts";
import type { Deliveries } from "../store/store.ts";
import type { Telemetry } from "../telemetry.ts";
import type { Sleep } from "../timing/sleep.ts";
import type { TraceStep } from "../trace.ts";
import type { SendPolicy } from "./send-policy.ts";
import type { Limiter } from "./limiter.ts";
import type { LiveReplies } from "./live.ts";
import type { SplitIn } from "./parts.ts";

/** What the delivery of one account needs. */
export interface DeliveryOptions {
  readonly adapter: BoundAdapter;
  readonly session: AdapterSession<SealedPayload>;
  readonly account: AccountId;
  /** The bot that owns the account; lifecycle events name it. */
  readonly bot: string;
  /** The language of what the delivery itself says, BCP 47. @default en */
  readonly locale?: string;
  readonly deliveries: Pick<Deliveries, "save">;
  readonly broker: Pick<Broker, "emit" | "remember" | "recall">;
  readonly telemetry: Telemetry;
  readonly environment: Environment;
  readonly limiter: Limiter;
  /** Where the account shows live signals: typing and streamed text that the final reply takes over. */
  readonly live?: LiveReplies;
  /** Adds the delivery to the trace of the turn; a failure costs the trace, not the delivery. */
  readonly onStep?: (delivered: Delivered) => void | Promise<void>;
  readonly policy?: Partial<SendPolicy>;
  readonly sleep?: Sleep;
  readonly splitIn?: SplitIn;
}

/** What the trace is told of one delivery. */
export interface Delivered {
  readonly entry: OutboxEntry;
  /** The platform's ids of the messages that were sent. */
  readonly messageIds: readonly string[];
  readonly step: Omit<TraceStep, "at">;
}
