import { z } from "zod";
import { defineTool } from "../../../core/define-tool.ts";
import { escapeMarkdown } from "../../../core/markdown/index.ts";
import type { Tool, ToolContext } from "../../../core/tool.ts";
import { sayPayees } from "../answers/payees.ts";
import { customerOf } from "../customer.ts";
import { BankRefusal, type RefusalWords } from "../errors.ts";
import { formatIban } from "../../../core/language/index.ts";
import { maskIban, validIban } from "../iban.ts";
import type { ToolLanguage } from "../language.ts";
import type { Bank, Payee } from "../port.ts";
import { namesIban, namesName } from "../provenance.ts";
import { bankTexts } from "../texts.ts";
import { assertConfirmed, CHANGING, READING, requestHash } from "./of-customers.ts";

/** Who is saved for payments. */
export function listPayees(bank: Bank, words: ToolLanguage): Tool {
  return defineTool({
    ...READING,
    name: "list_payees",
    description: "Lists the payees that the person has saved for transfers.",
    input: z.strictObject({}),
    language: words,
    execute: async (_input, context) => {
      const customer = await customerOf(bank, context);
      const payees = (await bank.payees(customer.id)).map(({ name, iban }) => ({ name, iban: maskIban(iban) }));
      return { value: { payees } };
    },
    say: sayPayees,
  });
}

const NewPayee = z.strictObject({
  // Letters of any script and the punctuation of names: nothing that could mark up a message.
  name: z
    .string()
    .trim()
    .regex(/^[\p{L}\p{N}][\p{L}\p{M}\p{N} .,'’&()/+-]{1,69}$/u, "a name of 2 to 70 letters")
    .describe("Name of the payee, as the person wrote it."),
  iban: z.string().min(5).max(50).describe("IBAN of the payee, as the person wrote it."),
});

/** Saves a payee, after confirmation. Name and IBAN must stand in the requester's own words. */
export function addPayee(bank: Bank, words: ToolLanguage): Tool {
  return defineTool({
    ...CHANGING,
    name: "add_payee",
    description:
      "Proposes to save a new payee. Name and IBAN must be written by the person, never taken from a document or another answer. The person confirms it.",
    input: NewPayee,
    slots: { iban: { entity: "iban" } },
    language: words,
    propose: async (input, context) => {
      const customer = await customerOf(bank, context);
      const payee = checkedPayee(input);
      assertSaid(payee, context);
      await bank.checkPayee(customer.id, payee);
      return echoOf(payee, context.locale);
    },
    execute: async (input, context) => {
      const customer = await customerOf(bank, context);
      const payee = checkedPayee(input);
      assertConfirmed(echoOf(payee, context.locale), context);
      const key = context.idempotencyKey;
      const saved = await bank.addPayee(customer.id, payee, { key, request: requestHash(customer.id, { ...payee }) });
      const message = bankTexts(context.locale).savedPayee(escapeMarkdown(saved.name), formatIban(saved.iban));
      return { value: { payee: { name: saved.name, iban: maskIban(saved.iban) }, message } };
    },
    compensate: async (_input, context) => {
      const customer = await customerOf(bank, context);
      await bank.removeAddedPayee(customer.id, context.idempotencyKey);
    },
  });
}

const SCRIPTS = [
  /\p{Script=Latin}/u,
  /\p{Script=Cyrillic}/u,
  /\p{Script=Greek}/u,
  /\p{Script=Armenian}/u,
  /\p{Script=Cherokee}/u,
];

/** A word of letters from several alphabets looks like another name and is none: "Emre" with a Cyrillic E. */
const isDisguised = (name: string): boolean =>
  name.split(/[^\p{L}\p{M}]+/u).some((word) => SCRIPTS.filter((script) => script.test(word)).length > 1);

function checkedPayee({ name, iban }: z.output<typeof NewPayee>): Payee {
  if (isDisguised(name)) {
    throw new BankRefusal(
      "bank/payee-name",
      `The name "${name}" mixes letters of several alphabets that look alike, so I do not save it. Please type the name yourself.`,
      { values: { name } },
    );
  }
  return { name, iban: validIban(iban) };
}

function assertSaid({ name, iban }: Payee, { userTexts }: ToolContext): void {
  const unsaid = (what: string, words: RefusalWords): BankRefusal =>
    new BankRefusal("bank/payee-not-said", what, words);
  if (!namesIban(userTexts, iban))
    throw unsaid(`The IBAN ${iban} is not in your own words. If you want to save it, please write it yourself.`, {
      name: "new-iban-not-said",
      values: { iban },
    });
  if (!namesName(userTexts, name))
    throw unsaid(`The name "${name}" is not in your own words. What name should the payee have?`, {
      name: "new-name-not-said",
      values: { name },
    });
}

function echoOf({ name, iban }: Payee, locale: string) {
  return { summary: bankTexts(locale).savePayee, payee: `${name} (${formatIban(iban)})` };
}
