import type { Proposal, ReplyDraft } from "./reply.ts";

const labels = {
  en: { intro: "Please check this. Nothing happens until you confirm it.", confirm: "Confirm", cancel: "Cancel" },
  de: {
    intro: "Bitte prüfe das. Es geschieht nichts, bevor du es bestätigst.",
    confirm: "Bestätigen",
    cancel: "Abbrechen",
  },
} as const;

/** Whether these are the words that a proposal's button stands for, in any language: no code was given then. */
export function isButtonValue(action: "confirm" | "cancel", value: string): boolean {
  return Object.values(labels).some((words) => words[action] === value);
}

/**
 * The reply that asks a requester to confirm: the stored proposal as it is, with buttons `confirm:<id>` and
 * `cancel:<id>`. `intro` replaces the sentence above it, never the proposal.
 */
export function proposalReply(
  proposal: Proposal,
  options: { readonly locale?: string; readonly intro?: string } = {},
): ReplyDraft {
  const { intro, confirm, cancel } = options.locale?.toLowerCase().startsWith("de") === true ? labels.de : labels.en;
  return {
    text: options.intro ?? intro,
    proposal,
    choices: [
      { id: `confirm:${proposal.id}`, label: confirm, value: confirm, style: "primary" },
      { id: `cancel:${proposal.id}`, label: cancel, value: cancel, style: "danger" },
    ],
    confidence: 1,
    model: "none",
  };
}
