/** Answers from results of tools: the sentence that the tool's code wrote, and tables of what it listed. */
import { z } from "zod";
import type { ToolOutcome, ToolResult } from "../../core/tool.ts";
import type { Desk, Draft, MadeCall } from "../roles/contract.ts";
import { literal, literalTable } from "./markdown.ts";
import { productDraft, recommendationDraft } from "./product-answer.ts";

const Message = z.looseObject({ message: z.string().min(1) });
const Balances = z.looseObject({
  accounts: z.array(z.looseObject({ account: z.string(), iban: z.string(), text: z.string() })).min(1),
});
const Bookings = z.looseObject({
  transactions: z
    .array(
      z.looseObject({
        date: z.string(),
        account: z.string(),
        counterparty: z.string(),
        description: z.string(),
        text: z.string(),
      }),
    )
    .min(1),
  count: z.number(),
});
const Payees = z.looseObject({ payees: z.array(z.looseObject({ name: z.string(), iban: z.string() })).min(1) });

/** What a tool gave, as Markdown. Tools that nobody here knows are shown by their own message, else as fields. */
export function answerFromTool({ tool }: MadeCall, result: ToolResult, locale: string): Draft {
  if (tool === "recommend_products") return recommendationDraft(result);
  if (tool === "explain_product" || tool === "compare_products") return productDraft(result, locale);
  const { value, sources = [] } = result;
  const details = tableOf(tool, value);
  // The sums of bookings say more than their table; elsewhere the table says it all.
  const message =
    details === undefined || tool === "list_transactions" ? Message.safeParse(value).data?.message : undefined;
  const text = [message, details].filter((part) => part !== undefined && part !== "").join("\n\n");
  return { text: text === "" ? fieldsOf(value) : text, sources: [...sources], confidence: 0.95 };
}

/** What a refusal or failure says, with a way on. */
export function answerFromFailure(
  { status, code, message }: Extract<ToolOutcome, { readonly status: "refused" | "failed" }>,
  { input }: Desk,
): Draft {
  const isInternal = status === "refused" && (code === "tool/invalid-input" || code === "tool/unknown");
  if (isInternal) {
    return {
      text: "I did not get all I need for that. Could you say it again, with all details in one message?",
      confidence: 0.3,
    };
  }
  const alone = input.chatType === "group" && !/direct/iu.test(message) ? " Please write to me directly for that." : "";
  return { text: `${literal(message)}${alone}`, confidence: status === "refused" ? 0.9 : 0.4 };
}

function tableOf(tool: string, value: unknown): string | undefined {
  switch (tool) {
    case "get_balance": {
      const accounts = Balances.safeParse(value).data?.accounts;
      if (accounts === undefined || accounts.length === 1) return undefined;
      return literalTable(
        ["Account", "IBAN", "Available"],
        accounts.map(({ account, iban, text }) => [account, iban, text]),
        ["Available"],
      );
    }
    case "list_transactions": {
      const found = Bookings.safeParse(value).data;
      if (found === undefined) return undefined;
      const rows = found.transactions.map((one) => [
        one.date,
        one.counterparty,
        one.description,
        one.account,
        one.text,
      ]);
      const more = found.count > rows.length ? `\n\nThe newest ${rows.length} of ${found.count} are shown.` : "";
      return literalTable(["Date", "With", "For", "Account", "Amount"], rows, ["Amount"]) + more;
    }
    case "list_payees": {
      const payees = Payees.safeParse(value).data?.payees;
      return (
        payees &&
        literalTable(
          ["Payee", "IBAN"],
          payees.map(({ name, iban }) => [name, iban]),
        )
      );
    }
    default:
      return undefined;
  }
}

function fieldsOf(value: unknown): string {
  const fields = z.record(z.string(), z.unknown()).safeParse(value).data ?? { result: value };
  return Object.entries(fields)
    .map(([name, field]) => `- ${literal(name)}: ${literal(typeof field === "string" ? field : JSON.stringify(field))}`)
    .join("\n");
}
