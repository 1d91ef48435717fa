/** What becomes of a dead process's work: nobody waits behind it, and nobody healthy is blamed for it. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { afterEach, describe, expect, it } from "vitest";
import type { Claim } from "../../../core/broker/broker.ts";
import { connectionOf } from "../../../core/broker/lease.ts";
import { identityOf, type ProcessIdentity } from "../../../core/broker/process-identity.ts";
import { accountOf } from "../../../core/conversation-id.ts";
import { textOf } from "../../../core/event.ts";
import { messageEvent, replyTo, testConversation } from "../../support/events.ts";
import { type BrokerContract, claim, commitHead, during, echo, freshBroker, headOf, quickly } from "./under-test.ts";
import { eventually } from "../../support/eventually.ts";

const LONG_MS = 600_000;
const chats = Array.from({ length: 5 }, (_, index) => testConversation(`flight-${index}`));
const [first, second] = [testConversation("flight-0"), testConversation("flight-1")];

/** Registers the tests of one implementation. */
export function deadProcessContract(contract: BrokerContract): void {
  describe("web-and-operations B: dead processes", () => {
    const under = freshBroker(contract);
    const children: ChildProcess[] = [];
    afterEach(() => {
      for (const child of children.splice(0)) child.kill("SIGKILL");
    });

    /** A process that is written down as the one behind `mailboxes` and `outboxes`, and what kills it. */
    async function otherProcess(): Promise<() => Promise<void>> {
      const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000); console.log('up')"]);
      children.push(child);
      await once(child.stdout, "data");
      await enlist(identityOf(child.pid ?? 0));
      return async () => {
        const ended = once(child, "exit");
        child.kill("SIGKILL");
        await ended;
      };
    }

    async function enlist(identity: ProcessIdentity): Promise<void> {
      await under().register.announce({ ...identity, id: under().process, beat: 1 });
    }

    it("are found dead, and what they had in hand is worked on at once, whatever their leases say", async () => {
      const { broker, mailboxes, another } = under();
      const kill = await otherProcess();
      for (const conversation of chats) await broker.accept(messageEvent({ conversation, text: conversation }));
      for (const conversation of chats) await claim(mailboxes, conversation, LONG_MS);
      await kill();
      const seen: string[] = [];
      const successor = await another();
      await during(successor.broker.work(echo(seen), quickly), () =>
        eventually(() => expect(seen.toSorted()).toEqual([...chats])),
      );
      expect((await broker.counts()).dead).toBe(0);
    });

    it("keep what they hold while they live", async () => {
      const { broker, mailboxes, register, another } = under();
      await otherProcess();
      await broker.accept(messageEvent({ conversation: first }));
      const { epoch } = await claim(mailboxes, first, LONG_MS);
      const successor = await another();
      await during(successor.broker.work(echo()), async () => {
        await eventually(async () => expect(await register.members()).toHaveLength(2));
      });
      expect(await mailboxes.renew(first, epoch, LONG_MS)).toBe(true);
    });

    it.runIf(existsSync("/proc/self/stat"))("are told apart from a later process with the same number", async () => {
      const { broker, mailboxes, another } = under();
      await enlist({ ...identityOf(process.pid), started: "1" });
      await broker.accept(messageEvent({ conversation: first, text: "left behind" }));
      await claim(mailboxes, first, LONG_MS);
      const seen: string[] = [];
      const successor = await another();
      await during(successor.broker.work(echo(seen)), () => eventually(() => expect(seen).toEqual(["left behind"])));
    });

    it("leave their accounts to a successor at once, and are kept out by the fence", async () => {
      const { broker, outboxes, process: dead, another } = under();
      const account = accountOf(first);
      const kill = await otherProcess();
      const epoch = await outboxes.own(account, `${dead} period`, LONG_MS);
      const event = messageEvent({ conversation: first });
      await broker.send(replyTo(event, "waits for its courier"));
      const [entry] = await outboxes.read(account, "", { count: 1, waitMs: 0, signal: new AbortController().signal });
      await kill();
      const seen: string[] = [];
      const { broker: successor } = await another();
      await during(
        successor.deliver(account, async (attempt) => void seen.push(attempt.entry.reply.text)),
        () => eventually(() => expect(seen).toEqual(["waits for its courier"])),
      );
      if (entry === undefined || epoch === undefined) throw new Error("nothing was owned or read");
      expect(await outboxes.remove({ account, epoch }, entry)).toBe(false);
    });

    it("leave their connection to a stand-by that waits already", async () => {
      const { outboxes, process: dead, another } = under();
      const account = accountOf(first);
      const kill = await otherProcess();
      let held = false;
      const { broker: standBy } = await another();
      await outboxes.own(connectionOf(account), `${dead} period`, LONG_MS);
      const holding = standBy.hold(account, async ({ closing }) => {
        held = true;
        await once(closing, "abort");
      });
      await during(holding, async () => {
        await kill();
        await eventually(() => expect(held).toBe(true));
      });
    });

    it("stand by behind others, and never behind what they held themselves", async () => {
      const { outboxes, process: self } = under();
      const account = accountOf(first);
      const epoch = await outboxes.own(account, `${self} one`, LONG_MS);
      expect(await outboxes.own(account, `${self} two`, LONG_MS)).toBeUndefined();
      expect(await outboxes.own(account, `${self} two`, LONG_MS, `${self} one`)).toBe((epoch ?? 0) + 1);
      expect(await outboxes.own(account, `${self} one`, LONG_MS)).toBeUndefined();
    });

    it("make suspects of all that was in flight, which are tried one at a time", async () => {
      const { broker, mailboxes, another } = under();
      const kill = await otherProcess();
      for (const conversation of chats) await broker.accept(messageEvent({ conversation, text: conversation }));
      for (const conversation of chats) await claim(mailboxes, conversation, LONG_MS);
      await kill();
      const { atOnce, handler, seen } = watching();
      const successor = await another();
      await during(successor.broker.work(handler, quickly), async () => {
        await eventually(() => expect(seen.toSorted()).toEqual([...chats]));
      });
      expect(Math.max(...atOnce)).toBe(1);
    });

    it("do not keep healthy messages behind the suspects", async () => {
      const { broker, mailboxes, another } = under();
      const kill = await otherProcess();
      for (const conversation of [first, second]) await broker.accept(messageEvent({ conversation, text: "suspect" }));
      for (const conversation of [first, second]) await claim(mailboxes, conversation, LONG_MS);
      await kill();
      const order: string[] = [];
      const successor = await another();
      const handler = async (held: Claim): Promise<void> => {
        const text = textOf(headOf(held));
        if (text === "suspect") await eventually(() => expect(order).toContain("healthy"));
        order.push(text);
        await commitHead(held);
      };
      await during(successor.broker.work(handler, quickly), async () => {
        await broker.accept(messageEvent({ conversation: testConversation("bystander"), text: "healthy" }));
        await eventually(() => expect(order).toEqual(["healthy", "suspect", "suspect"]));
      });
    });

    it("blame nobody who was not alone, though processes died over them again and again", async () => {
      const { broker, mailboxes, register, process: dead, another } = under();
      for (const conversation of chats) await broker.accept(messageEvent({ conversation, text: conversation }));
      for (const quarantine of ["few", "singly", "few"] as const) {
        for (const conversation of chats) {
          await mailboxes.begin(conversation, { leaseMs: LONG_MS, batch: 20, quarantine });
        }
        await register.evict(dead);
      }
      const { handler, seen } = watching();
      const successor = await another();
      await during(successor.broker.work(handler, quickly), async () => {
        await eventually(() => expect(seen.toSorted()).toEqual([...chats]));
      });
      expect((await broker.counts()).dead).toBe(0);
    });

    it("blame what was alone in flight twice: it is buried, and what comes behind it is answered", async () => {
      const { broker, mailboxes, register, process: dead, another } = under();
      await broker.accept(messageEvent({ conversation: first, text: "poison" }));
      await broker.accept(messageEvent({ conversation: first, text: "behind" }));
      for (let death = 0; death < 2; death += 1) {
        await claim(mailboxes, first, LONG_MS);
        await register.evict(dead);
      }
      const seen: string[] = [];
      const successor = await another();
      await during(successor.broker.work(echo(seen), quickly), () =>
        eventually(() => expect(seen).toEqual(["behind"])),
      );
      const letters = await broker.deadLetters.list();
      expect(letters.map(({ event }) => textOf(event))).toEqual(["poison"]);
    });

    it("let a suspect be alone soon, though a conversation goes on and on", async () => {
      const { broker, mailboxes, register, process: dead, another } = under();
      await broker.accept(messageEvent({ conversation: first, text: "suspect" }));
      await claim(mailboxes, first, LONG_MS);
      await register.evict(dead);
      await broker.accept(messageEvent({ conversation: second, text: "on" }));
      const seen: string[] = [];
      const handler = async (held: Claim): Promise<void> => {
        const text = textOf(headOf(held));
        if (text === "on" && !seen.includes("suspect"))
          await broker.accept(messageEvent({ conversation: second, text: "on" }));
        seen.push(text);
        await commitHead(held);
      };
      const successor = await another();
      await during(successor.broker.work(handler, { ...quickly, batch: 1_000_000 }), async () => {
        await eventually(() => expect(seen).toContain("suspect"));
        await eventually(async () => expect((await broker.counts()).waiting).toBe(0));
      });
    });

    it("hold nothing against a message that ended once without a death", async () => {
      const { broker, mailboxes, register, process: dead } = under();
      await broker.accept(messageEvent({ conversation: first, text: "shaky" }));
      await claim(mailboxes, first, LONG_MS);
      await register.evict(dead);
      const { epoch, suspicion } = await claim(mailboxes, first, LONG_MS);
      expect(suspicion).toEqual({ crashes: 1, deaths: 1 });
      await mailboxes.retry(first, epoch, { delayMs: 0 });
      expect((await claim(mailboxes, first, LONG_MS)).suspicion).toEqual({ crashes: 0, deaths: 0 });
    });
  });
}

/** A handler that notes how many suspects ran at once, and in which order they were done. */
function watching() {
  const atOnce: number[] = [];
  const seen: string[] = [];
  let running = 0;
  const handler = async (held: Claim): Promise<void> => {
    running += 1;
    atOnce.push(running);
    await new Promise((resolve) => setTimeout(resolve, 30));
    running -= 1;
    seen.push(textOf(headOf(held)));
    await commitHead(held);
  };
  return { atOnce, handler, seen };
}
