/** What every store must do. Call it from the test of each implementation. */
import { describe } from "vitest";
import { useStore, type StoreUnderTest } from "./store/context.ts";
import { conversationsContract } from "./store/conversations.ts";
import { durabilityContract } from "./store/durability.ts";
import { historyContract } from "./store/history.ts";
import { peopleContract } from "./store/people.ts";
import { recordsContract } from "./store/records.ts";
import { retentionContract } from "./store/retention.ts";
import { usageContract } from "./store/usage.ts";

/** Declares the conformance suite of one store implementation. */
export function storeContract(options: StoreUnderTest): void {
  describe(`${options.name} store`, () => {
    const context = useStore(options);
    conversationsContract(context);
    historyContract(context);
    recordsContract(context);
    peopleContract(context);
    usageContract(context);
    retentionContract(context);
    durabilityContract(context, options);
  });
}
