/** Tries what was in flight when a process died, as much apart from everything else as each suspect needs. */
import type { ConversationId } from "../conversation-id.ts";
import type { Quarantine } from "./retry-policy.ts";

/** Of the suspects that met one death, this part is tried at once: up to five of them run one after the other. */
const AT_ONCE = 1 / 5;

export interface QuarantineParts {
  /** Claims the mailbox under this quarantine and works on it; gives the one it needs when that is not enough. */
  readonly claim: (conversation: ConversationId, quarantine: Quarantine) => Promise<Quarantine | undefined>;
  /** Does the work while nothing else of this worker runs. */
  readonly alone: (work: () => Promise<void>) => Promise<void>;
  readonly closing: AbortSignal;
}

export interface QuarantineLane {
  /** A mailbox whose head is a suspect; it is tried when its turn comes. */
  readonly offer: (conversation: ConversationId, needs: Quarantine) => void;
  /** Resolves when nothing is tried any more. */
  readonly settled: () => Promise<void>;
}

/** Makes the lane of one worker. */
export function createQuarantine({ claim, alone, closing }: QuarantineParts): QuarantineLane {
  const offered = new Map<ConversationId, Quarantine>();
  const running = new Set<Promise<void>>();
  let trying: Promise<void> | undefined;
  let wake: () => void = () => undefined;

  const nextOf = (quarantine: Quarantine): ConversationId | undefined =>
    [...offered].find(([, needs]) => needs === quarantine)?.[0];

  async function tryOne(conversation: ConversationId, quarantine: Quarantine): Promise<void> {
    offered.delete(conversation);
    const needs = await claim(conversation, quarantine);
    if (needs !== undefined) offered.set(conversation, needs);
  }

  async function somethingChanges(): Promise<void> {
    const offer = new Promise<void>((resolve) => {
      wake = resolve;
    });
    await Promise.race([offer, ...running]);
  }

  /** Starts one more of those that may run beside others; false when there is none, or no room. */
  function startOneOfFew(): boolean {
    const next = nextOf("few");
    const all = [...offered.values()].filter((needs) => needs === "few").length + running.size;
    if (next === undefined || running.size >= Math.ceil(all * AT_ONCE)) return false;
    const run = tryOne(next, "few").finally(() => running.delete(run));
    running.add(run);
    return true;
  }

  async function tryAll(): Promise<void> {
    while (!closing.aborted && offered.size + running.size > 0) {
      if (startOneOfFew()) continue;
      const single = nextOf("singly");
      const lonely = nextOf("alone");
      if (running.size > 0) await somethingChanges();
      else if (single !== undefined) await tryOne(single, "singly");
      else if (lonely !== undefined) await alone(() => tryOne(lonely, "alone"));
    }
    await Promise.all(running);
  }

  return {
    offer: (conversation, needs) => {
      offered.set(conversation, needs);
      wake();
      trying ??= tryAll().finally(() => {
        trying = undefined;
      });
    },
    settled: async () => await trying,
  };
}
