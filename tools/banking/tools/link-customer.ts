import { z } from "zod";
import { asksPlainly } from "../../../core/language/plain-requests.ts";
import { defineTool } from "../../../core/define-tool.ts";
import type { Usage } from "../../../core/store/store.ts";
import type { Tool, ToolContext } from "../../../core/tool.ts";
import { customerOf } from "../customer.ts";
import { BankRefusal } from "../errors.ts";
import type { ToolLanguage } from "../language.ts";
import type { Bank } from "../port.ts";
import { asksToUnlink } from "../unlink-words.ts";
import { type BankTexts, bankTexts } from "../texts.ts";
import { OWN_DATA, READING } from "./of-customers.ts";

/**
 * Tries of one person. Nothing is counted by code: strangers who guess must not lock out the one who has it. How many
 * persons a guesser can be is limited where they come from (a web account limits its guests by address).
 */
const PER_PERSON = { limit: 5, windowMs: 15 * 60_000 };

const CODE = /^[A-Z0-9]{4}-[A-Z0-9]{4}$/;
const ANY_CODE = /(?<![A-Z0-9-])[A-Z0-9]{4}-[A-Z0-9]{4}(?![A-Z0-9-])/gu;
/** A code may stand in quotation marks or as code: "link `ABCD-1234`". */
const MARKS_AROUND_CODE =
  /["“”„«»'‘’`*_]+(?=[A-Z0-9]{4}-[A-Z0-9]{4}(?![A-Z0-9-]))|(?<=[A-Z0-9]{4}-[A-Z0-9]{4})["“”«»'‘’`*_]+/giu;
/** "My code: ABCD-1234" names what follows; a name and a colon would say who wrote it. */
const CODE_LABEL = /(?<!\p{L})(?:link[ -]?code|code|link)[^:\n]{0,12}:/giu;
/** "My friend's code", "sein Code". */
const OF_OTHERS = /(?:['’]s|(?<!\p{L})(?:his|her|their|sein\p{L}*|ihr\p{L}*)) (?:link[ -]?)?code(?!\p{L})/iu;

/** Links the calling person to a bank customer by the code that the bank gave out. */
export function linkCustomer(bank: Bank, usage: Pick<Usage, "hit">, words: ToolLanguage): Tool {
  return defineTool({
    ...OWN_DATA,
    name: "link_customer",
    endsRequests: true,
    description:
      "Links this chat to the person's bank accounts, by the link code that the person wrote (it looks like ABCD-1234). Only in a direct chat.",
    slots: { code: { entity: "code" } },
    language: words,
    input: z.strictObject({ code: z.string().min(4).max(20).describe("The link code, as the person wrote it.") }),
    risk: "medium",
    confirmation: "never",
    execute: async ({ code: raw }, context) => {
      const code = raw.trim().toUpperCase();
      if (context.chatType !== "direct") {
        throw new BankRefusal(
          "bank/not-direct",
          "Please write that to me in a direct chat: others can read along here.",
        );
      }
      assertSaid(code, context);
      await assertFewTries(context, usage);
      const outcome = await bank.link(context.person, code);
      const customer = await bank.customerOf(context.person);
      return { value: { linked: true, message: messageOf(outcome, customer?.name ?? "", bankTexts(context.locale)) } };
    },
  });
}

/** Tells whose accounts the calling person is linked to. */
export function linkedCustomer(bank: Bank, words: ToolLanguage): Tool {
  return defineTool({
    ...READING,
    name: "linked_customer",
    description: "Says which bank customer this chat is linked to.",
    input: z.strictObject({}),
    language: words,
    execute: async (_input, context) => {
      const { name } = await customerOf(bank, context);
      return { value: { message: bankTexts(context.locale).linkedAlready(name) } };
    },
  });
}

/** Separates the calling person from its bank customer. */
export function unlinkCustomer(bank: Bank, words: ToolLanguage): Tool {
  return defineTool({
    ...OWN_DATA,
    name: "unlink_customer",
    endsRequests: true,
    description: "Separates this chat from the person's bank accounts again.",
    input: z.strictObject({}),
    language: words,
    risk: "medium",
    confirmation: "unless-said",
    said: (_input, text) => asksToUnlink(text),
    propose: async (_input, context) => {
      const { name } = await customerOf(bank, context);
      return { summary: bankTexts(context.locale).separate(name) };
    },
    execute: async (_input, context) => {
      const unlinked = await bank.unlink(context.person);
      const texts = bankTexts(context.locale);
      const message = unlinked ? texts.separated : texts.notLinkedBefore;
      return { value: { unlinked, message } };
    },
  });
}

/** Plainly asked for: not in a question, a warning, somebody else's words, or beside another code. */
function assertSaid(code: string, { userTexts }: ToolContext): void {
  const asks = new RegExp(String.raw`(?<![\p{L}\p{N}-])${code}(?![\p{L}\p{N}-])`, "iu");
  const said =
    CODE.test(code) &&
    userTexts.some((text) => {
      const bare = text.replaceAll(MARKS_AROUND_CODE, "").replaceAll(CODE_LABEL, "link ");
      const codes = new Set((bare.toUpperCase().match(ANY_CODE) ?? []).filter((one) => /\d/u.test(one)));
      return codes.size <= 1 && !OF_OTHERS.test(bare) && asksPlainly(bare, asks);
    });
  if (said) return;
  throw new BankRefusal(
    "bank/code-not-said",
    "I link this chat only where you plainly ask for it in your own words. Please write “link” and the one code that your bank gave you; it looks like ABCD-1234.",
  );
}

/** Counted before the code is looked at, so that a lucky guess needs the same number of tries. */
async function assertFewTries(context: ToolContext, usage: Pick<Usage, "hit">): Promise<void> {
  const at = context.environment.clock();
  const id = `${context.eventId}:${context.callId}`;
  const { allowed } = await usage.hit(`bank-link:person:${context.person}`, { id, at, ...PER_PERSON });
  if (allowed) return;
  throw new BankRefusal(
    "bank/too-many-codes",
    "There were too many tries with link codes. Please wait a quarter of an hour, then try again.",
  );
}

function messageOf(
  outcome: "linked" | "already" | "other" | "unknown" | "used",
  name: string,
  texts: BankTexts,
): string {
  switch (outcome) {
    case "linked":
      return texts.linked(name);
    case "already":
      return texts.linkedAlready(name);
    case "other":
      throw new BankRefusal("bank/linked-to-other", "This chat is linked to another customer. Please unlink it first.");
    case "used":
      throw new BankRefusal(
        "bank/used-code",
        "That link code was used already, and a code works once. Type /link in the chat that is linked to join this one to it, or ask your bank for a new code.",
      );
    case "unknown":
      throw new BankRefusal("bank/unknown-code", "I do not know that link code. Please check it for typing mistakes.");
  }
}
