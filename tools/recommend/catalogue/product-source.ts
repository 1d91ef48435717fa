/**
 * Product details from the bank, in batches, cached, behind a circuit breaker. What the bank said last goes on being used
 * while it does not answer: a price may be minutes old, and the rules of who may have a product always apply.
 */
import { z } from "zod";
import { createBreaker } from "../../../core/breaker/breaker.ts";
import type { Clock } from "../../../core/environment.ts";
import { describeError } from "../../../core/errors.ts";
import type { Telemetry } from "../../../core/telemetry.ts";
import { inTime } from "../../../core/timing/deadline.ts";
import { Product } from "./product.ts";

/** What is asked of a bank's product system. */
export interface ProductPort {
  /** The catalogue: read when the bot starts and before each training. */
  readonly list: () => Promise<readonly Product[]>;
  /** The current facts of these products; one that is left out is not offered any more. */
  readonly details: (ids: readonly string[]) => Promise<readonly Product[]>;
}

export type ProductSource = ReturnType<typeof createProductSource>;

export interface ProductSourceOptions {
  readonly port: Pick<ProductPort, "details">;
  /** What is known from the start. */
  readonly known: ReadonlyMap<string, Product>;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  /** Most ids of one call. @default 100 */
  readonly batch?: number;
  /** @default 2_000 */
  readonly timeoutMs?: number;
}

const FRESH_MS = 300_000;

/** Makes the source; nothing is asked before the first call. */
export function createProductSource(options: ProductSourceOptions) {
  const { port, known, clock, telemetry, batch = 100, timeoutMs = 2_000 } = options;
  /** A product that is undefined is not offered any more. */
  const cache = new Map<string, { readonly product: Product | undefined; readonly at: number }>();
  const breaker = createBreaker({
    service: "product catalogue",
    clock,
    onState: (state) => telemetry.metrics.breaker({ service: "product-catalogue", state }),
  });
  const refresh = async (ids: readonly string[]): Promise<void> => {
    try {
      const ask = async () => await inTime(timeoutMs, async () => await port.details(ids));
      const found = await breaker.run(async () => z.array(Product).parse(await ask()));
      const byId = new Map(found.map((product) => [product.id, product]));
      for (const id of ids) cache.set(id, { product: byId.get(id), at: clock() });
    } catch (thrown) {
      telemetry.log.warn(
        { error: describeError(thrown) },
        "product details could not be had; the last known ones serve",
      );
    }
  };
  return {
    /** Of each id that is offered now: its facts. Never throws. */
    details: async (ids: readonly string[]): Promise<ReadonlyMap<string, Product>> => {
      const due = [...new Set(ids)].filter((id) => clock() - (cache.get(id)?.at ?? -Infinity) >= FRESH_MS);
      for (let start = 0; start < due.length; start += batch) await refresh(due.slice(start, start + batch));
      return new Map(
        ids.flatMap((id) => {
          const entry = cache.get(id);
          const product = entry === undefined ? known.get(id) : entry.product;
          return product === undefined ? [] : [[id, product] as const];
        }),
      );
    },
  };
}
