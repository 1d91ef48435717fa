import { z } from "zod";
import { defineTool } from "../../../core/define-tool.ts";
import type { Json } from "../../../core/json.ts";
import { escapeMarkdown } from "../../../core/markdown/index.ts";
import type { Tool, ToolContext } from "../../../core/tool.ts";
import { canonicalJson, sha256 } from "../../canonical-json.ts";
import { customerOf } from "../customer.ts";
import { BankRefusal } from "../errors.ts";
import { compactIban, formatIban, isValidIban } from "../../../core/language/index.ts";
import { maskIban } from "../iban.ts";
import type { Bank, Payee } from "../port.ts";
import { namesIban, namesName } from "../provenance.ts";

/** Who is saved for payments. */
export function listPayees(bank: Bank): Tool {
  return defineTool({
    name: "list_payees",
    description: "Lists the payees that the person has saved for transfers.",
    input: z.strictObject({}),
    risk: "low",
    confirmation: "never",
    scopes: ["private"],
    depends: "user",
    execute: async (_input, context) => {
      const customer = await customerOf(bank, context);
      const payees = (await bank.payees(customer.id)).map(({ name, iban }) => ({ name, iban: maskIban(iban) }));
      const message =
        payees.length === 0 ? "No payees are saved." : `Saved payees: ${payees.map(({ name }) => name).join(", ")}.`;
      return { value: { payees, message } };
    },
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
export function addPayee(bank: Bank): Tool {
  return defineTool({
    name: "add_payee",
    description:
      "Proposes to save a new payee. Name and IBAN must be written by the person, never taken from a document or another answer. The person confirms it.",
    input: NewPayee,
    risk: "high",
    confirmation: "always",
    scopes: ["private"],
    depends: "user",
    propose: async (input, context) => {
      const customer = await customerOf(bank, context);
      const payee = checkedPayee(input);
      assertSaid(payee, context);
      await bank.checkPayee(customer.id, payee);
      return echoOf(payee);
    },
    execute: async (input, context) => {
      const customer = await customerOf(bank, context);
      const payee = checkedPayee(input);
      assertConfirmed(payee, context);
      const key = context.idempotencyKey;
      const saved = await bank.addPayee(customer.id, payee, { key, request: requestHash(customer.id, { ...payee }) });
      const message = `Saved ${escapeMarkdown(saved.name)} (${formatIban(saved.iban)}) as a payee.`;
      return { value: { payee: { name: saved.name, iban: maskIban(saved.iban) }, message } };
    },
    compensate: async (_input, context) => {
      const customer = await customerOf(bank, context);
      await bank.removeAddedPayee(customer.id, context.idempotencyKey);
    },
  });
}

/** What a key was used for: the customer and exactly what was asked. */
export function requestHash(customer: string, request: Json): string {
  return sha256(canonicalJson({ customer, request }));
}

function checkedPayee({ name, iban }: z.output<typeof NewPayee>): Payee {
  const compact = compactIban(iban);
  if (isValidIban(compact)) return { name, iban: compact };
  throw new BankRefusal(
    "bank/iban",
    "That IBAN is not right: its length or check digits do not fit. Please check it and write it again.",
  );
}

function assertSaid({ name, iban }: Payee, { userTexts }: ToolContext): void {
  if (!namesIban(userTexts, iban)) {
    throw new BankRefusal(
      "bank/payee-not-said",
      `The IBAN ${iban} is not in your own words. If you want to save it, please write it yourself.`,
    );
  }
  if (!namesName(userTexts, name)) {
    throw new BankRefusal(
      "bank/payee-not-said",
      `The name "${name}" is not in your own words. What name should the payee have?`,
    );
  }
}

function assertConfirmed(payee: Payee, { confirmed }: ToolContext): void {
  if (confirmed !== undefined && canonicalJson({ ...echoOf(payee) }) === canonicalJson({ ...confirmed })) return;
  throw new BankRefusal("bank/unconfirmed", "This is not what was confirmed. Nothing was done.");
}

function echoOf({ name, iban }: Payee) {
  return { summary: "Save a new payee", payee: `${name} (${formatIban(iban)})` };
}
