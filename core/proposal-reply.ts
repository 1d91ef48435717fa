import type { Proposal, ReplyDraft } from "./reply.ts";

const labels = {
  en: {
    intro: "Please check this. Nothing happens until you confirm it.",
    place: (number: number, of: number) => `Request ${number} of ${of}, to be confirmed on its own.`,
    replaced: "It takes the place of",
    confirm: "Confirm",
    cancel: "Cancel",
  },
  de: {
    intro: "Bitte prüfe das. Es geschieht nichts, bevor du es bestätigst.",
    place: (number: number, of: number) => `Anfrage ${number} von ${of}, einzeln zu bestätigen.`,
    replaced: "Sie ersetzt",
    confirm: "Bestätigen",
    cancel: "Abbrechen",
  },
} as const;

/** Whether these are the words that a proposal's button stands for, in any language: no code was given then. */
export function isButtonValue(action: "confirm" | "cancel", value: string): boolean {
  return Object.values(labels).some((words) => words[action] === value);
}

export interface ProposalReplyOptions {
  readonly locale?: string;
  /** Replaces the sentence above the proposal, never the proposal. */
  readonly intro?: string;
  /** Which one it is where several are put forward at once. */
  readonly place?: { readonly number: number; readonly of: number };
  /** What waited before and is void because of it. */
  readonly replaced?: readonly string[];
}

/**
 * The reply that asks a requester to confirm: the stored proposal as it is, with buttons `confirm:<id>` and
 * `cancel:<id>`. A reply carries one: several are several replies (`CrewResult.further`).
 */
export function proposalReply(
  proposal: Proposal,
  { locale, intro, place, replaced = [] }: ProposalReplyOptions = {},
): ReplyDraft {
  const words = locale?.toLowerCase().startsWith("de") === true ? labels.de : labels.en;
  const { confirm, cancel } = words;
  const above = [
    ...(place === undefined ? [] : [words.place(place.number, place.of)]),
    intro ?? words.intro,
    ...(replaced.length === 0 ? [] : [`${words.replaced}: ${replaced.join("; ")}.`]),
  ];
  return {
    text: above.join(" "),
    proposal,
    choices: [
      { id: `confirm:${proposal.id}`, label: confirm, value: confirm, style: "primary" },
      { id: `cancel:${proposal.id}`, label: cancel, value: cancel, style: "danger" },
    ],
    confidence: 1,
    model: "none",
  };
}
