import type { AdapterSession } from "../adapter.ts";
import type { BoundAdapter, SealedPayload } from "../adapter-binding.ts";
import type { Broker } from "../broker/broker.ts";
import type { Environment } from "../environment.ts";
import type { Logger } from "../telemetry.ts";
import type { Sleep } from "../timing/sleep.ts";
import type { Limiter } from "./limiter.ts";
import type { SplitText } from "./fragments.ts";

/** What delivery and streaming of one account share. */
export interface DeliveryPlatform {
  readonly adapter: Pick<BoundAdapter, "manifest" | "render">;
  readonly session: AdapterSession<SealedPayload>;
  readonly broker: Pick<Broker, "emit" | "remember" | "recall">;
  readonly limiter: Limiter;
  readonly environment: Environment;
  readonly log: Logger;
  readonly sleep: Sleep;
  /** Cuts Markdown by the platform's way of counting. */
  readonly split: SplitText;
}
