import { z } from "zod";
import { defineTool } from "../../../core/define-tool.ts";
import { escapeMarkdown } from "../../../core/markdown/index.ts";
import type { Echo, Tool } from "../../../core/tool.ts";
import { customerOf } from "../customer.ts";
import { BankRefusal } from "../errors.ts";
import type { ToolLanguage } from "../language.ts";
import type { Bank } from "../port.ts";
import { bankTexts } from "../texts.ts";
import { assertConfirmed, CHANGING, READING, requestHash } from "./of-customers.ts";

type ContactBank = Bank & Required<Pick<Bank, "contact" | "changeContact">>;

const NewContact = z.strictObject({
  // Nothing that could mark up a message.
  address: z
    .string()
    .trim()
    .regex(/^[\p{L}\p{M}\p{N} .,'’/()-]{5,200}$/u, "street, number, town")
    .exactOptional(),
  email: z.email().max(200).exactOptional(),
  phone: z
    .string()
    .regex(/^\+?[\d ()/-]{5,25}$/u, "a telephone number")
    .exactOptional(),
});
type NewContact = z.output<typeof NewContact>;

/** The address, e-mail address and telephone number that the bank has. */
export function getContact(bank: ContactBank, words: ToolLanguage): Tool {
  return defineTool({
    ...READING,
    name: "get_contact",
    description: "Says which address, e-mail address and telephone number the bank has of the person.",
    input: z.strictObject({}),
    language: words,
    execute: async (_input, context) => {
      const { id } = await customerOf(bank, context);
      const { address = null, email = null, phone = null } = await bank.contact(id);
      return { value: { address, email, phone } };
    },
  });
}

/** Changes them, after confirmation. Every value must stand in the requester's own words. */
export function changeContact(bank: ContactBank, words: ToolLanguage): Tool {
  return defineTool({
    ...CHANGING,
    name: "change_contact",
    description:
      "Proposes another address, e-mail address or telephone number of the person. The person confirms it. Only as they wrote it, never from a document or another answer. Passwords cannot be changed in a chat.",
    input: NewContact,
    slots: {
      address: { entity: "text", provenance: "own-words" },
      email: { entity: "email", provenance: "own-words" },
      phone: { entity: "phone", provenance: "own-words" },
    },
    language: words,
    propose: async (input, context) => {
      await customerOf(bank, context);
      return echoOf(input, context.locale);
    },
    execute: async (input, context) => {
      const { id } = await customerOf(bank, context);
      const echo = echoOf(input, context.locale);
      assertConfirmed(echo, context);
      await bank.changeContact(id, input, { key: context.idempotencyKey, request: requestHash(id, { ...input }) });
      return { value: { message: bankTexts(context.locale).done(`: ${escapeMarkdown(echo.summary)}`) } };
    },
  });
}

function echoOf(input: NewContact, locale: string): Echo {
  const values = Object.values(input);
  if (values.length === 0) throw new BankRefusal("bank/no-contact", "Which address, e-mail or number is it to be?");
  return { summary: bankTexts(locale).contact(values.join("; ")) };
}
