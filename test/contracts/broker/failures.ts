import { describe, expect, it } from "vitest";
import { textOf } from "../../../core/event.ts";
import { messageEvent, replyTo, testConversation } from "../../support/events.ts";
import {
  type BrokerContract,
  claim,
  commitHead,
  during,
  echo,
  freshBroker,
  gate,
  headOf,
  LEASE_MS,
  quickly,
  readAll,
} from "./under-test.ts";
import { eventually } from "../../support/eventually.ts";

const conversation = testConversation("failures");

/** Retries, dead letters, pauses, shutdown. */
export function failureContract(contract: BrokerContract): void {
  describe("failing turns", () => {
    const under = freshBroker(contract);

    it("tries a failed turn again, before what came later", async () => {
      const { broker } = under();
      const seen: string[] = [];
      const attempts: number[] = [];
      const handler: Parameters<typeof broker.work>[0] = async (held) => {
        const text = textOf(headOf(held));
        if (text === "shaky") attempts.push(held.attempt);
        if (text === "shaky" && held.attempt < 3) throw new Error("not yet");
        seen.push(text);
        await commitHead(held);
      };
      await during(broker.work(handler, quickly), async () => {
        for (const text of ["shaky", "later"]) await broker.accept(messageEvent({ conversation, text }));
        await eventually(() => expect(seen).toEqual(["shaky", "later"]));
      });
      expect(attempts).toEqual([1, 2, 3]);
    });

    it("buries what fails too often, tells the person, and goes on with the next", async () => {
      const { broker, outboxes } = under();
      const seen: string[] = [];
      let tries = 0;
      const handler: Parameters<typeof broker.work>[0] = async (held) => {
        const text = textOf(headOf(held));
        if (text === "poison") {
          tries += 1;
          throw new Error("cannot be done");
        }
        seen.push(text);
        await commitHead(held);
      };
      const poison = messageEvent({ conversation, text: "poison" });
      const options = {
        ...quickly,
        retry: { ...quickly.retry, maxAttempts: 3 },
        onDead: () => [replyTo(poison, "sorry")],
      };
      await during(broker.work(handler, options), async () => {
        await broker.accept(poison);
        await broker.accept(messageEvent({ conversation, text: "next" }));
        await eventually(() => expect(seen).toEqual(["next"]));
      });
      expect(tries).toBe(3);
      const [dead, ...others] = await broker.deadLetters.list();
      expect(others).toEqual([]);
      expect(dead).toMatchObject({ event: poison, sequence: 1, attempts: 3, conversation });
      expect(dead?.reason).toContain("cannot be done");
      const entries = await readAll(outboxes, poison.account);
      expect(entries.map(({ reply }) => reply.text)).toEqual(["sorry"]);
    });

    it("counts a turn that returns without a commit as failed", async () => {
      const { broker } = under();
      const options = { ...quickly, retry: { ...quickly.retry, maxAttempts: 2 } };
      await during(
        broker.work(async () => undefined, options),
        async () => {
          await broker.accept(messageEvent({ conversation }));
          await eventually(async () => expect((await broker.counts()).dead).toBe(1));
        },
      );
      expect((await broker.deadLetters.list())[0]?.reason).toContain("broker/not-committed");
    });

    it("buries an event over which its process died too often while it alone was in flight, without running it again", async () => {
      const { broker, mailboxes, advance } = under();
      const killer = messageEvent({ conversation, text: "killer" });
      await broker.accept(killer);
      await broker.accept(messageEvent({ conversation, text: "innocent" }));
      for (let crash = 0; crash < 2; crash += 1) {
        await claim(mailboxes, conversation, LEASE_MS);
        await advance(LEASE_MS + 50);
      }
      const seen: string[] = [];
      await during(broker.work(echo(seen), quickly), () => eventually(() => expect(seen).toEqual(["innocent"])));
      const [dead] = await broker.deadLetters.list();
      expect(dead).toMatchObject({ event: killer, attempts: 3 });
    });

    it("buries even when the notice cannot be made", async () => {
      const { broker } = under();
      const options = {
        ...quickly,
        retry: { ...quickly.retry, maxAttempts: 1 },
        onDead: () => {
          throw new Error("no words");
        },
      };
      const fail = async (): Promise<void> => {
        throw new Error("fails");
      };
      await during(broker.work(fail, options), async () => {
        await broker.accept(messageEvent({ conversation }));
        await eventually(async () => expect((await broker.counts()).dead).toBe(1));
      });
    });

    it("keeps a commit when the turn throws after it", async () => {
      const { broker } = under();
      let runs = 0;
      const handler: Parameters<typeof broker.work>[0] = async (held) => {
        runs += 1;
        await commitHead(held, ["kept"]);
        throw new Error("afterwards");
      };
      await during(broker.work(handler, quickly), async () => {
        await broker.accept(messageEvent({ conversation }));
        await eventually(async () =>
          expect(await broker.counts()).toMatchObject({ waiting: 0, running: 0, outbox: 1 }),
        );
      });
      expect(runs).toBe(1);
    });
  });

  describe("dead letters", () => {
    const under = freshBroker(contract);

    const buryOne = async (text: string): Promise<void> => {
      const { broker, mailboxes } = under();
      await broker.accept(messageEvent({ conversation, text }));
      const { epoch } = await claim(mailboxes, conversation);
      expect(await mailboxes.bury(conversation, epoch, { reason: `because ${text}`, attempts: 4, replies: [] })).toBe(
        true,
      );
    };

    it("are listed newest first, page by page, inspected and removed", async () => {
      const { broker } = under();
      for (const text of ["a", "b", "c"]) await buryOne(text);
      const { deadLetters } = broker;
      const newest = await deadLetters.list({ limit: 2 });
      expect(newest.map(({ event }) => textOf(event))).toEqual(["c", "b"]);
      const older = await deadLetters.list({ limit: 2, before: newest[1]?.id ?? "" });
      expect(older.map(({ event }) => textOf(event))).toEqual(["a"]);
      const [oldest] = older;
      expect(await deadLetters.inspect(oldest?.id ?? "")).toEqual(oldest);
      expect(oldest).toMatchObject({ reason: "because a", attempts: 4 });
      expect(await deadLetters.remove(oldest?.id ?? "")).toBe(true);
      expect(await deadLetters.remove(oldest?.id ?? "")).toBe(false);
      expect(await deadLetters.inspect(oldest?.id ?? "")).toBeUndefined();
      expect(await deadLetters.inspect("unknown")).toBeUndefined();
      expect((await broker.counts()).dead).toBe(2);
    });

    it("run again at the end of their mailbox when they are resubmitted, once", async () => {
      const { broker } = under();
      await buryOne("again");
      await broker.accept(messageEvent({ conversation, text: "earlier" }));
      const [dead] = await broker.deadLetters.list();
      const id = dead?.id ?? "";
      const results = await Promise.all([broker.deadLetters.resubmit(id), broker.deadLetters.resubmit(id)]);
      expect(results.toSorted()).toEqual([false, true]);
      const seen: string[] = [];
      const attempts: number[] = [];
      const handler: Parameters<typeof broker.work>[0] = async (held) => {
        attempts.push(held.attempt);
        await echo(seen)(held);
      };
      await during(broker.work(handler), () => eventually(() => expect(seen).toEqual(["earlier", "again"])));
      expect(attempts).toEqual([1, 1]);
      expect((await broker.counts()).dead).toBe(0);
    });
  });

  describe("pausing", () => {
    const under = freshBroker(contract);
    const chatter = testConversation("chatter");

    it("claims nothing of what is paused, still accepts, and goes on after resume", async () => {
      const { broker, mailboxes, another } = under();
      const other = await another();
      const event = messageEvent({ conversation });
      const scopes = ["all", { conversation }, { account: event.account }] as const;
      for (const scope of scopes) {
        await broker.pause(scope);
        await broker.accept(messageEvent({ conversation }));
        expect(await other.mailboxes.begin(conversation, { leaseMs: 1000, batch: 20 })).toEqual({ status: "paused" });
        expect((await broker.mailbox(conversation)).state).toBe("paused");
        await broker.resume(scope);
        const { epoch } = await claim(mailboxes, conversation);
        await mailboxes.finish(conversation, epoch);
      }
    });

    it("leaves other conversations running", async () => {
      const { broker } = under();
      const seen: string[] = [];
      await during(broker.work(echo(seen)), async () => {
        await broker.pause({ conversation });
        await broker.accept(messageEvent({ conversation, text: "held" }));
        await broker.accept(messageEvent({ conversation: chatter, text: "free" }));
        await eventually(() => expect(seen).toEqual(["free"]));
        await broker.resume({ conversation });
        await eventually(() => expect(seen).toEqual(["free", "held"]));
      });
    });
  });

  describe("closing a worker", () => {
    const under = freshBroker(contract);

    it("waits for the turn in hand and begins no other", async () => {
      const { broker } = under();
      const seen: string[] = [];
      const started = gate();
      const release = gate();
      const running = broker.work(
        async (held) => {
          started.open();
          await release.opened;
          await echo(seen)(held);
        },
        { concurrency: 1 },
      );
      for (const text of ["in hand", "later"]) await broker.accept(messageEvent({ conversation, text }));
      await broker.accept(messageEvent({ conversation: testConversation("third"), text: "other" }));
      await started.opened;
      const closed = running.close(10_000);
      release.open();
      await closed;
      expect(seen).toEqual(["in hand"]);
      expect(await broker.counts()).toMatchObject({ waiting: 2, running: 0 });
    });

    it("gives a turn back that does not end in time; another takes it at once, and it counts as no failure", async () => {
      const { broker, mailboxes } = under();
      const started = gate();
      let aborted = false;
      const running = broker.work(async (held) => {
        held.signal.addEventListener("abort", () => {
          aborted = true;
        });
        started.open();
        await new Promise(() => undefined);
      });
      await broker.accept(messageEvent({ conversation }));
      await started.opened;
      await running.close(20);
      expect(aborted).toBe(true);
      expect(await claim(mailboxes, conversation)).toMatchObject({ attempt: 1, failures: 0 });
    });

    it("hands its turns over to another broker", async () => {
      const { broker, another } = under();
      const other = await another();
      const started = gate();
      const running = broker.work(async (held) => {
        started.open();
        await new Promise((_, reject) => held.signal.addEventListener("abort", () => reject(new Error("aborted"))));
      });
      await broker.accept(messageEvent({ conversation, text: "handed over" }));
      await started.opened;
      const seen: string[] = [];
      await during(other.broker.work(echo(seen)), async () => {
        await running.close(0);
        await eventually(() => expect(seen).toEqual(["handed over"]));
      });
    });

    it("finds everything again after all brokers were closed and opened", async () => {
      const { broker, another } = under();
      await broker.accept(messageEvent({ conversation, text: "kept" }));
      const other = await another();
      await broker.close();
      const seen: string[] = [];
      await during(other.broker.work(echo(seen)), () => eventually(() => expect(seen).toEqual(["kept"])));
    });
  });
}
