import type { CompliancePolicy } from "../bot.ts";
import type { ReplyDraft } from "../reply.ts";

type Texts = Readonly<Record<string, string>>;

/** What is said where the configuration leaves a notice out. An empty text in the configuration says nothing. */
const standard: Readonly<Record<keyof CompliancePolicy, Texts>> = {
  informationNotice: {
    default:
      "I am an automated assistant, not a person, and I can be wrong. Please check what matters before you act on it.",
    de: "Ich bin ein automatischer Assistent, kein Mensch, und kann mich irren. Bitte prüfe Wichtiges, bevor du danach handelst.",
  },
  riskDisclosure: {
    default: "This is general information, not investment advice. The value of investments can fall as well as rise.",
    de: "Dies ist eine allgemeine Information und keine Anlageberatung. Der Wert von Anlagen kann steigen und fallen.",
  },
  regulatoryNotice: {
    default:
      "This is general information that does not take your circumstances into account. What counts are the contract documents and the price list of the provider.",
    de: "Diese Auskunft ist allgemein und berücksichtigt deine persönlichen Verhältnisse nicht. Maßgeblich sind die Vertragsunterlagen und das Preisverzeichnis des Anbieters.",
  },
};

interface ComplianceFacts {
  readonly locale: string;
  readonly conversationStarts: boolean;
  /** A tool pack of the bot recommends products or moves money. */
  readonly isRegulated: boolean;
}

/**
 * Adds the notices that the law wants said: the information notice once at the start of a conversation, the risk
 * disclosure with every card that advises to take something, the regulatory notice with every answer from documents or about products.
 * Gives the draft and the names of what was added.
 */
export function applyCompliance(
  draft: ReplyDraft,
  policy: CompliancePolicy,
  facts: ComplianceFacts,
): { readonly draft: ReplyDraft; readonly added: readonly string[] } {
  const recommends = draft.cards?.some(({ isAdvice }) => isAdvice === true) === true;
  const informs = recommends || (draft.sources?.length ?? 0) > 0;
  const due = [
    { name: "informationNotice", applies: facts.conversationStarts, isStandard: facts.isRegulated },
    { name: "riskDisclosure", applies: recommends, isStandard: true },
    { name: "regulatoryNotice", applies: informs, isStandard: facts.isRegulated },
  ] as const;
  const present = draft.disclaimers ?? [];
  const notices = due
    .filter(({ applies }) => applies)
    .map(({ name, isStandard }) => {
      const texts = policy[name] ?? (isStandard ? standard[name] : {});
      return { name, text: inLanguage(texts, facts.locale) };
    })
    .filter(({ text }) => text !== "" && !present.includes(text));
  return {
    draft: { ...draft, disclaimers: [...present, ...notices.map(({ text }) => text)] },
    added: notices.map(({ name }) => name),
  };
}

function inLanguage(texts: Texts, locale: string): string {
  return texts[locale] ?? texts[locale.split("-")[0] ?? ""] ?? texts["default"] ?? "";
}
