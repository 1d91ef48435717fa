import fc from "fast-check";
import { afterEach, beforeEach, expect, it } from "vitest";
import { z } from "zod";
import { openSqlite } from "../../core/store/sqlite/driver.ts";
import type { Tool } from "../../core/tool.ts";
import {
  balances,
  chatter,
  linkedChatter,
  NOON,
  openBankChat,
  proposalIn,
  temporaryFolder,
  type TestClock,
} from "../../test/support/bank-chat.ts";

const START = 183_581;
const LIFETIME = 5 * 60_000;
let folder: ReturnType<typeof temporaryFolder>;
let clock: TestClock;

beforeEach(() => {
  folder = temporaryFolder();
  clock = { now: NOON };
});
afterEach(() => folder.remove());

const Row = z.object({ body: z.string() });
const Entry = z.object({
  at: z.string(),
  kind: z.string(),
  action: z.string().optional(),
  argumentsHash: z.string().optional(),
  person: z.string(),
  userId: z.string(),
  conversation: z.string(),
});

/** Everything the audit says of proposals, oldest first. */
function audited(path: string): readonly z.infer<typeof Entry>[] {
  const database = openSqlite(`${path}/actions.db`, { readonly: true });
  const rows = z.array(Row).parse(database.prepare("SELECT body FROM audit_entries ORDER BY sequence").all());
  database.close();
  return rows.map(({ body }) => Entry.parse(JSON.parse(body))).filter(({ action }) => action !== undefined);
}

/** No execution without an earlier confirmation of the same action, arguments, person and place, in time. */
function expectOnlyConfirmed(path: string): number {
  const entries = audited(path);
  const executed = entries.filter(({ kind }) => kind === "executed");
  expect(new Set(executed.map(({ action }) => action)).size).toBe(executed.length);
  for (const done of executed) {
    const { action, argumentsHash, person, userId, conversation } = done;
    const same = { action, argumentsHash, person, userId, conversation };
    const before = entries.slice(0, entries.indexOf(done));
    const proposed = before.find(({ kind, action: of }) => kind === "proposed" && of === action);
    const confirmed = before.filter(({ kind, action: of }) => kind === "confirmed" && of === action);
    expect(confirmed).toMatchObject([same]);
    expect(proposed).toMatchObject(same);
    expect(Date.parse(confirmed[0]?.at ?? "") - Date.parse(proposed?.at ?? "")).toBeLessThan(LIFETIME);
  }
  return executed.length;
}

const step = fc.oneof(
  fc.record({ do: fc.constant("propose" as const), of: fc.nat(3) }),
  fc.record({ do: fc.constantFrom("confirm", "cancel", "type", "steal", "yes"), of: fc.nat(9) }),
  fc.record({ do: fc.constant("wait" as const), of: fc.integer({ min: 1, max: 6 }) }),
);

it("nothing is executed that its requester did not confirm in time, whatever is pressed and typed in any order", async () => {
  const run = async (steps: readonly { readonly do: string; readonly of: number }[]): Promise<void> => {
    const here = temporaryFolder();
    clock.now = NOON;
    const open = await openBankChat(here.path, clock);
    const anna = await linkedChatter(open.toolset, clock);
    const eve = chatter(open.toolset, clock, { userId: "eve", chat: "chat-of-anna" });
    anna.say("send 1, 2, 3 or 4 euros to Emre");
    const proposals: { readonly id: string; readonly code?: string | undefined }[] = [];
    const actions: Readonly<Record<string, (of: number) => Promise<unknown>>> = {
      propose: async (of) =>
        proposals.push(proposalIn(await anna.call("transfer_money", { amount: String(of + 1), to: "Emre" }))),
      confirm: async (of) => await anna.press(`confirm:${proposals[of % proposals.length]?.id}`),
      cancel: async (of) => await anna.press(`cancel:${proposals[of % proposals.length]?.id}`),
      type: async (of) => await anna.type(proposals[of % proposals.length]?.code ?? "AAAA22"),
      steal: async (of) => await eve.press(`confirm:${proposals[of % proposals.length]?.id}`),
      yes: async () => await anna.type("yes"),
      wait: async (of) => (clock.now += of * 60_000),
    };
    for (const { do: what, of } of steps) await actions[what]?.(of);
    const executed = expectOnlyConfirmed(here.path);
    const listed = await open.toolset.confirmations.list(anna.conversation);
    const done = listed.filter(({ status }) => status === "executed");
    expect(done).toHaveLength(executed);
    const euros = done.reduce((sum, { summary }) => sum + Number(/€(\d)/.exec(summary)?.[1]), 0);
    expect(await balances(anna)).toMatchObject({ Everyday: START - euros * 100 });
    expect(await open.toolset.check()).toMatchObject([{ status: "ok" }]);
    await open.close();
    here.remove();
  };
  await fc.assert(fc.asyncProperty(fc.array(step, { maxLength: 25 }), run), { numRuns: 25 });
});

it("failures at any point before or after the effect end in one effect at most, and in one once it is confirmed through", async () => {
  const failure = fc.constantFrom("none", "before", "after");
  const run = async (failures: readonly string[]): Promise<void> => {
    const here = temporaryFolder();
    const left = [...failures];
    const failing = (tool: Tool): Tool => ({
      ...tool,
      execute: async (input, context) => {
        const point = tool.name === "transfer_money" ? (left.shift() ?? "none") : "none";
        if (point === "before") throw new TypeError("lost before");
        const result = await tool.execute(input, context);
        if (point === "after") throw new TypeError("lost after");
        return result;
      },
    });
    const options = { wrap: failing };
    let open = await openBankChat(here.path, clock, options);
    const anna = await linkedChatter(open.toolset, clock);
    anna.say("send 40 euros to Emre");
    const { id } = proposalIn(await anna.call("transfer_money", { amount: "40", to: "Emre" }));
    await anna.press(`confirm:${id}`);
    for (let again = 0; again < failures.length; again += 1) {
      await open.close();
      open = await openBankChat(here.path, clock, options);
      await chatter(open.toolset, clock).press(`confirm:${id}`);
    }
    const later = chatter(open.toolset, clock);
    expect((await later.press(`confirm:${id}`))?.text).toMatch(/done already|Done/u);
    expect(await balances(later)).toMatchObject({ Everyday: START - 4000 });
    expect((await later.press(`confirm:${id}`))?.text).toContain("done already");
    expect(expectOnlyConfirmed(here.path)).toBe(1);
    await open.close();
    here.remove();
  };
  await fc.assert(fc.asyncProperty(fc.array(failure, { maxLength: 4 }), run), { numRuns: 12 });
});
