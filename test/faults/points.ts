/** Named places in the road at which a process can be made to die (or to hang), before and after each write. */
import type { Claim, ClaimHandler } from "../../core/broker/broker.ts";
import type { Store } from "../../core/store/store.ts";
import type { PointPlan } from "./road.ts";

/** In the order in which a turn passes them. */
export const TURN_POINTS = [
  "turn:begin",
  "tool:before-effect",
  "tool:after-effect",
  "history:before",
  "history:after",
  "commit:before",
  "commit:after",
] as const;

export const DELIVERY_POINTS = [
  "record:before",
  "record:after",
  "send:before",
  "send:after",
  "outcome:before",
  "outcome:after",
] as const;

export type Points = (point: (typeof TURN_POINTS)[number] | (typeof DELIVERY_POINTS)[number]) => void;

/** Sends this process the planned signal when it comes to the planned place. */
export function createPoints(plan: PointPlan | undefined): Points {
  let passed = 0;
  return (point) => {
    if (plan === undefined || plan.point !== point) return;
    passed += 1;
    if (passed === plan.nth) process.kill(process.pid, plan.signal);
  };
}

/** The store, with places around the writing of history and of outcomes. */
export function storeWithPoints(store: Store, points: Points): Store {
  return {
    ...store,
    history: {
      ...store.history,
      write: async (...turn) => {
        points("history:before");
        const written = await store.history.write(...turn);
        points("history:after");
        return written;
      },
    },
    deliveries: {
      ...store.deliveries,
      save: async (record) => {
        points("outcome:before");
        await store.deliveries.save(record);
        points("outcome:after");
      },
    },
  };
}

/** The handler, with places at its begin and around its commit. */
export function handlerWithPoints(handler: ClaimHandler, points: Points): ClaimHandler {
  return async (claim: Claim) => {
    points("turn:begin");
    await handler({
      ...claim,
      commit: async (commit) => {
        points("commit:before");
        await claim.commit(commit);
        points("commit:after");
      },
    });
  };
}
