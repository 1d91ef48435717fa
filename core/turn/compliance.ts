import type { CompliancePolicy } from "../bot.ts";
import type { ReplyDraft } from "../reply.ts";

/**
 * Adds the notices that the law wants said: the information notice once at the start of a conversation, the risk
 * disclosure with every recommendation, the regulatory notice with every answer from documents or about products.
 * Gives the draft and the names of what was added.
 */
export function applyCompliance(
  draft: ReplyDraft,
  policy: CompliancePolicy,
  facts: { readonly locale: string; readonly conversationStarts: boolean },
): { readonly draft: ReplyDraft; readonly added: readonly string[] } {
  const recommends = (draft.recommendations?.length ?? 0) > 0;
  const informs = recommends || (draft.sources?.length ?? 0) > 0;
  const due = [
    { name: "informationNotice", applies: facts.conversationStarts, texts: policy.informationNotice },
    { name: "riskDisclosure", applies: recommends, texts: policy.riskDisclosure },
    { name: "regulatoryNotice", applies: informs, texts: policy.regulatoryNotice },
  ] as const;
  const present = draft.disclaimers ?? [];
  const notices = due
    .filter(({ applies }) => applies)
    .map(({ name, texts }) => ({ name, text: inLanguage(texts, facts.locale) }))
    .filter(({ text }) => text !== "" && !present.includes(text));
  return {
    draft: { ...draft, disclaimers: [...present, ...notices.map(({ text }) => text)] },
    added: notices.map(({ name }) => name),
  };
}

function inLanguage(texts: Readonly<Record<string, string>>, locale: string): string {
  return texts[locale] ?? texts[locale.split("-")[0] ?? ""] ?? texts["default"] ?? "";
}
