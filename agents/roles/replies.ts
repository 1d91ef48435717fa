/** What a person is sent: the answer, and each request that waits for a confirmation as a message of its own. */
import { proposalReply } from "../../core/proposal-reply.ts";
import type { ReplyDraft } from "../../core/reply.ts";
import type { CrewState } from "./contract.ts";
import { requestsLeftOut } from "../prompts/status-lines.ts";
import { LEFT_OUT, MOST_PROPOSALS } from "./tool-calls.ts";

/** A reply carries no more. */
const MOST_CHOICES = 25;

/** Whether anything was put before the person in this turn. */
export function hasProposal({ made }: Pick<CrewState, "made">): boolean {
  return made.some(({ outcome }) => outcome.status === "proposed");
}

type Answered = Pick<CrewState, "made" | "draft">;

/** The replies to a turn whose draft is written; a draft without words is none where requests wait. */
export function repliesOf(
  state: Answered,
  { locale, model }: { readonly locale: string; readonly model: string },
): readonly [ReplyDraft, ...ReplyDraft[]] {
  const leftOut = state.made.filter(({ outcome }) => outcome === LEFT_OUT).length;
  const answer = answerOf(state, model);
  const said = leftOut === 0 ? [] : [requestsLeftOut({ leftOut, prepared: MOST_PROPOSALS }, locale)];
  const text = [answer.text, ...said].filter((part) => part !== "").join("\n\n");
  const [first, ...others] = proposalReplies(state, locale);
  if (first === undefined) return [{ ...answer, text }];
  const isSilent = text === "" && answer.cards === undefined && answer.files === undefined;
  return isSilent ? [first, ...others] : [{ ...answer, text }, first, ...others];
}

/** Each once, in the order of the calls: the same call made twice is one request. */
function proposalReplies({ made }: Answered, locale: string): readonly ReplyDraft[] {
  const proposed = new Map(
    made.flatMap(({ outcome }) => (outcome.status === "proposed" ? [[outcome.proposal.id, outcome]] : [])),
  );
  const of = proposed.size;
  return [...proposed.values()].map(({ proposal, replaced = [] }, index) =>
    proposalReply(proposal, { locale, replaced, ...(of > 1 && { place: { number: index + 1, of } }) }),
  );
}

function answerOf({ draft, made }: Answered, model: string): ReplyDraft {
  const { text = "", confidence = 0, sources = [] } = draft ?? {};
  const results = made.flatMap(({ outcome }) => (outcome.status === "done" ? [outcome.result] : []));
  const cards = results.flatMap((result) => result.cards ?? []);
  const own = draft?.choices ?? [];
  const choices = own.length > 0 ? own : results.flatMap((result) => result.choices ?? []).slice(0, MOST_CHOICES);
  const files = results.flatMap((result) => result.files ?? []);
  return {
    text,
    confidence,
    model,
    sources,
    ...(choices.length > 0 && { choices: [...choices] }),
    ...(cards.length > 0 && { cards }),
    ...(files.length > 0 && { files }),
  };
}
