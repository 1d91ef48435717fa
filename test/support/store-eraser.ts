import { createEraser, type Erase } from "../../core/conversation/index.ts";
import type { Store } from "../../core/store/store.ts";

type Keepers = Parameters<typeof createEraser>[0]["keepersOf"];

/** Forgets what a store keeps, and what the keepers do, where a test has no queue and no files. */
export function storeEraser(store: Pick<Store, "erasure">, keepersOf: Keepers = () => []): Erase {
  const never = async (): Promise<boolean> => false;
  return createEraser({
    store,
    broker: {
      deadLetters: {
        list: async () => [],
        inspect: async () => undefined,
        resubmit: never,
        remove: never,
      },
      remember: async () => {},
    },
    spool: { remove: async () => {} },
    keepersOf,
  });
}
