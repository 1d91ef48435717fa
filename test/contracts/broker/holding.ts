import { describe, expect, it } from "vitest";
import { accountId } from "../../../core/conversation-id.ts";
import { type BrokerContract, freshBroker } from "./under-test.ts";
import { eventually } from "../../support/eventually.ts";

const account = accountId("test", "held");

/** One process at a time is connected for an account. */
export function holdContract(contract: BrokerContract): void {
  describe("holding an account's connection", () => {
    const under = freshBroker(contract);
    const untilAborted = async (signal: AbortSignal): Promise<void> => {
      if (!signal.aborted) await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
    };

    it("lets one process at a time work, and hands over when it closes", async () => {
      const first = under();
      const second = await first.another();
      const log: string[] = [];
      const workAs =
        (name: string) =>
        async ({ closing }: { readonly closing: AbortSignal }): Promise<void> => {
          log.push(`${name} connects`);
          await untilAborted(closing);
          log.push(`${name} leaves`);
        };
      const held = first.broker.hold(account, workAs("first"));
      await eventually(() => expect(log).toEqual(["first connects"]));
      const standBy = second.broker.hold(account, workAs("second"));
      await first.advance(2_000);
      expect(log).toEqual(["first connects"]);
      await held.close();
      await eventually(() => expect(log).toEqual(["first connects", "first leaves", "second connects"]));
      await standBy.close();
    });

    it("does not stand in the way of the account's delivery", async () => {
      const { broker, outboxes } = under();
      let connected = false;
      const held = broker.hold(account, async ({ closing }) => {
        connected = true;
        await untilAborted(closing);
      });
      await eventually(() => expect(connected).toBe(true));
      expect(await outboxes.own(account, "a delivery", 1_000)).toBeGreaterThan(0);
      await held.close();
    });

    it("begins again after work that failed", async () => {
      const { broker } = under();
      let tries = 0;
      const held = broker.hold(account, async ({ closing }) => {
        tries += 1;
        if (tries === 1) throw new Error("the first try fails");
        await untilAborted(closing);
      });
      await eventually(() => expect(tries).toBe(2));
      await held.close();
    });
  });
}
