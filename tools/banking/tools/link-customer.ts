import { z } from "zod";
import { defineTool } from "../../../core/define-tool.ts";
import type { Usage } from "../../../core/store/store.ts";
import type { Tool, ToolContext } from "../../../core/tool.ts";
import { BankRefusal } from "../errors.ts";
import type { Bank } from "../port.ts";

/** Wrong codes by one person; and for one half of a code by anybody, as chat identities cost a guesser nothing. */
const PER_PERSON = { limit: 5, windowMs: 15 * 60_000 };
const PER_CODE_HALF = { limit: 20, windowMs: 60 * 60_000 };

const CODE = /^[A-Z0-9]{4}-[A-Z0-9]{4}$/;

/** Links the calling person to a bank customer by the code that the bank gave out. */
export function linkCustomer(bank: Bank, usage: Pick<Usage, "hit">): Tool {
  return defineTool({
    name: "link_customer",
    description:
      "Links this chat to the person's bank accounts, by the link code that the person wrote (it looks like ABCD-1234). Only in a direct chat.",
    input: z.strictObject({ code: z.string().min(4).max(20).describe("The link code, as the person wrote it.") }),
    risk: "medium",
    confirmation: "never",
    scopes: ["private"],
    depends: "user",
    execute: async ({ code: raw }, context) => {
      const code = raw.trim().toUpperCase();
      if (context.chatType !== "direct") {
        throw new BankRefusal(
          "bank/not-direct",
          "Please write that to me in a direct chat: others can read along here.",
        );
      }
      assertSaid(code, context);
      await assertFewTries(code, context, usage);
      const outcome = await bank.link(context.person, code);
      const customer = await bank.customerOf(context.person);
      return { value: { linked: true, message: messageOf(outcome, customer?.name ?? "") } };
    },
  });
}

/** Separates the calling person from its bank customer. */
export function unlinkCustomer(bank: Bank): Tool {
  return defineTool({
    name: "unlink_customer",
    description: "Separates this chat from the person's bank accounts again.",
    input: z.strictObject({}),
    risk: "medium",
    confirmation: "never",
    scopes: ["private"],
    depends: "user",
    execute: async (_input, context) => {
      const unlinked = await bank.unlink(context.person);
      const message = unlinked
        ? "This chat is no longer linked to your bank accounts."
        : "This chat was not linked to a bank customer.";
      return { value: { unlinked, message } };
    },
  });
}

function assertSaid(code: string, { userTexts }: ToolContext): void {
  const said =
    CODE.test(code) &&
    userTexts.some((text) =>
      text
        .toUpperCase()
        .split(/[^A-Z0-9-]+/)
        .includes(code),
    );
  if (said) return;
  throw new BankRefusal(
    "bank/code-not-said",
    "There is no such link code in your own words. Please write the code that your bank gave you; it looks like ABCD-1234.",
  );
}

/** Counted before the code is looked at, so that a lucky guess needs the same number of tries. */
async function assertFewTries(code: string, context: ToolContext, usage: Pick<Usage, "hit">): Promise<void> {
  const at = context.environment.clock();
  const id = `${context.eventId}:${context.callId}`;
  const counters = [
    { key: `bank-link:person:${context.person}`, ...PER_PERSON },
    { key: `bank-link:code:${code.slice(0, 4)}`, ...PER_CODE_HALF },
  ];
  for (const { key, limit, windowMs } of counters) {
    const { allowed } = await usage.hit(key, { id, at, windowMs, limit });
    if (!allowed) {
      throw new BankRefusal(
        "bank/too-many-codes",
        "There were too many tries with link codes. Please wait an hour, then try again.",
      );
    }
  }
}

function messageOf(outcome: "linked" | "already" | "other" | "unknown", name: string): string {
  switch (outcome) {
    case "linked":
      return `This chat is now linked to the accounts of ${name}.`;
    case "already":
      return `This chat is linked to the accounts of ${name} already.`;
    case "other":
      throw new BankRefusal("bank/linked-to-other", "This chat is linked to another customer. Please unlink it first.");
    case "unknown":
      throw new BankRefusal("bank/unknown-code", "I do not know that link code. Please check it for typing mistakes.");
  }
}
