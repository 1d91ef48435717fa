/** In a group others read along: what is one person's own and nobody wrote there is shown by its last characters, or not at all. */
import type { InboundEvent } from "../event.ts";
import type { CrewTurn } from "../crew.ts";
import type { PersonalDataKind } from "../privacy/finding.ts";
import { findPersonalData } from "../privacy/personal-data.ts";
import type { ReplyDraft } from "../reply.ts";
import type { RunningBot } from "./running-bot.ts";

/** How many of the last characters are shown: those of an e-mail or postal address would be most of it. */
const SHOWN: Readonly<Record<PersonalDataKind, number>> = {
  card: 4,
  iban: 4,
  account: 4,
  "national-id": 4,
  crypto: 4,
  phone: 4,
  email: 0,
  postal: 0,
  secret: 0,
};

export interface GroupMask {
  /** The replies without what others must not read. What was written there before is asked for only where it matters. */
  readonly replies: (
    drafts: readonly ReplyDraft[],
    writtenBefore: () => Promise<readonly string[]>,
  ) => Promise<readonly ReplyDraft[]>;
  readonly emit: (emit: CrewTurn["emit"]) => CrewTurn["emit"];
}

const UNMASKED: GroupMask = { replies: async (drafts) => drafts, emit: (emit) => emit };

/** The mask for a turn; `words` are what its messages say. */
export function groupMaskOf(bot: Pick<RunningBot, "config">, event: InboundEvent, words: () => string): GroupMask {
  if (event.chat.type !== "group" || bot.config.policies.privacy.groups === "plain") return UNMASKED;
  return {
    replies: async (drafts, writtenBefore) => {
      const now = compact(words());
      if (drafts.every((draft) => !isChanged(draft, now))) return drafts;
      const written = [now, ...(await writtenBefore()).map(compact)].join(" ");
      return drafts.map((draft) => (isForAll(draft) ? maskedDraft(draft, written) : draft));
    },
    emit: (emit) => (signal) => {
      if (signal.type === "reset" || signal.visibility === "requester") return emit(signal);
      return emit({ ...signal, text: maskedText(signal.text, compact(words())) });
    },
  };
}

const isForAll = ({ visibility }: ReplyDraft): boolean => visibility !== "requester";

function isChanged(draft: ReplyDraft, written: string): boolean {
  return isForAll(draft) && JSON.stringify(maskedDraft(draft, written)) !== JSON.stringify(draft);
}

/** Letters and digits alone: a number is the same however it is grouped. */
const compact = (text: string): string => text.replaceAll(/[^\p{L}\p{N}]/gu, "").toUpperCase();

function maskedText(text: string, written: string): string {
  let shown = "";
  let at = 0;
  for (const { kind, start, end } of findPersonalData(text)) {
    const value = compact(text.slice(start, end));
    if (written.includes(value)) continue;
    shown += `${text.slice(at, start)}•••• ${value.slice(value.length - SHOWN[kind])}`.trimEnd();
    at = end;
  }
  return shown + text.slice(at);
}

/** What a reply quotes stands in documents for everybody. */
function maskedDraft(draft: ReplyDraft, writtenByPeople: string): ReplyDraft {
  const written = [writtenByPeople, ...(draft.sources ?? []).map(({ quote }) => compact(quote))].join(" ");
  const mask = (text: string): string => maskedText(text, written);
  const fact = <Shown extends { readonly value: string; readonly phrase?: string | undefined }>(one: Shown): Shown => ({
    ...one,
    value: mask(one.value),
    ...(one.phrase !== undefined && { phrase: mask(one.phrase) }),
  });
  const { cards, proposal, choices } = draft;
  return {
    ...draft,
    text: mask(draft.text),
    ...(cards && {
      cards: cards.map((card) => ({
        ...card,
        title: mask(card.title),
        ...(card.facts && { facts: card.facts.map(fact) }),
        ...(card.text !== undefined && { text: mask(card.text) }),
      })),
    }),
    ...(proposal && {
      proposal: {
        ...proposal,
        summary: mask(proposal.summary),
        ...(proposal.facts && { facts: proposal.facts.map(fact) }),
      },
    }),
    ...(choices && { choices: choices.map((choice) => ({ ...choice, label: mask(choice.label) })) }),
  };
}
