/** A person who chats with a bot on a stage, and what each of their acts led to. */
import type { MemoryFact } from "../../core/crew.ts";
import { createMemoryAccess } from "../../core/conversation/index.ts";
import type { ConversationId } from "../../core/conversation-id.ts";
import { ParleyError } from "../../core/errors.ts";
import type { Choice } from "../../core/reply.ts";
import type { HandOver } from "../../core/store/store.ts";
import type { ListedAction } from "../../core/tool.ts";
import { type Proposed, type TurnFacts, visibleText } from "./facts.ts";
import { conversationOf, type Delivered, type Move } from "./in-process-account.ts";
import type { RecordedCall } from "./recorder.ts";
import type { Stage } from "./stage.ts";

/** What a person does in one turn. */
export interface Act {
  readonly say?: string | undefined;
  /** A text that the person hands on from somebody else. */
  readonly forward?: string | undefined;
  /** A text file that is sent along. */
  readonly file?: { readonly name: string; readonly text: string } | undefined;
  /** The button that is pressed: by its label, its value, its id, or the id's part before the colon. */
  readonly press?: string | undefined;
  /** Which one of several such buttons of the same answer, from 1. */
  readonly of?: number | undefined;
}

export interface Player {
  /**
   * Does it, in a direct chat with the bot or in a group, and waits for what comes of it. Throws `testing/no-button`,
   * `testing/no-answer`, and what the bot's crew throws that is no answer to anybody.
   */
  readonly act: (act: Act, group?: string) => Promise<TurnFacts>;
}

/** A person of this id; what they saw so far can be pressed. */
export function createPlayer(stage: Stage, user: string): Player {
  const { account, recorder } = stage;
  const shown: (readonly Delivered[])[] = [];
  const before: TurnFacts[] = [];
  const proposals = new Map<string, Proposed>();
  const lookAtActions = watchActions(account, proposals);
  let moves = 0;

  const moveOf = async (act: Act, chat: Move["chat"]): Promise<Move> => {
    const base = { id: `${user}-${(moves += 1)}`, chat, userId: user, at: new Date(stage.clock()).toISOString() };
    if (act.press !== undefined) return { ...base, pressed: buttonOf(shown, act.press, act.of ?? 1) };
    const { file } = act;
    const sent = file && {
      name: file.name,
      spoolKey: await account.keep(file.name, file.text, conversationOf(chat.id)),
    };
    return {
      ...base,
      text: act.say ?? "",
      ...(act.forward && { forwarded: act.forward }),
      ...(sent && { file: sent }),
    };
  };

  return {
    act: async (act, group) => {
      const chat = chatOf(user, group);
      const move = await moveOf(act, chat);
      const memoryBefore = await memoryOf(stage, user, chat);
      const startedAt = performance.now();
      const { eventId, conversation, replies } = await account.move(move);
      const milliseconds = performance.now() - startedAt;
      if (replies.length > 0) shown.push(replies);
      const { executions, ...recorded } = recorder.take();
      for (const proposed of recorded.calls.flatMap(proposedIn)) proposals.set(proposed.proposal.id, proposed);
      const facts: TurnFacts = {
        ...recorded,
        ...(await lookAtActions(conversation)),
        replies: replies.map(({ reply }) => reply),
        text: visibleText(replies.map(({ reply }) => reply)),
        executed: executions.map((execution) => {
          const proposed = proposals.get(execution.proposalId ?? "");
          return { ...execution, ...(proposed && { proposed }) };
        }),
        handOver: await handOverOf(stage, conversation),
        memory: { before: memoryBefore, after: await memoryOf(stage, user, chat) },
        trace: (await stage.store.traces.find(eventId))[0],
        milliseconds,
        before: [...before],
      };
      before.push(facts);
      return facts;
    },
  };
}

function chatOf(user: string, group: string | undefined): Move["chat"] {
  return group === undefined ? { id: `direct-${user}`, type: "direct" } : { id: `group-${group}`, type: "group" };
}

/** Gives what waits, and what changed in a conversation since it was last looked at. */
function watchActions({ actions }: Stage["account"], proposals: ReadonlyMap<string, Proposed>) {
  const seen = new Map<ConversationId, ReadonlyMap<string, ListedAction["status"]>>();
  return async (conversation: ConversationId) => {
    const earlier = seen.get(conversation) ?? new Map<string, ListedAction["status"]>();
    const known = await actions(conversation);
    seen.set(conversation, new Map(known.map(({ id, status }) => [id, status])));
    const waiting = known.filter(({ status }) => status === "pending");
    return {
      waiting,
      proposed: waiting.flatMap(({ id }) => (earlier.has(id) ? [] : (proposals.get(id) ?? []))),
      cancelled: known.filter(({ id, status }) => status === "cancelled" && earlier.get(id) === "pending"),
    };
  };
}

function proposedIn({ tool, input, outcome }: RecordedCall): readonly Proposed[] {
  return outcome.status === "proposed" ? [{ tool, input, proposal: outcome.proposal }] : [];
}

async function handOverOf({ store, clock }: Stage, conversation: ConversationId): Promise<HandOver | undefined> {
  const control = await store.controls.get(conversation, new Date(clock()).toISOString());
  return control?.kind === "handed-over" ? control : undefined;
}

async function memoryOf(
  { store, bot, account }: Stage,
  user: string,
  chat: Move["chat"],
): Promise<readonly MemoryFact[]> {
  const person = await store.people.personOf(account.id, user);
  const place = { bot: bot.id, chatType: chat.type, conversation: conversationOf(chat.id), person };
  return await createMemoryAccess(store, place).facts();
}

/** The button of the newest answer that has one of this name. */
function buttonOf(shown: readonly (readonly Delivered[])[], name: string, nth: number): NonNullable<Move["pressed"]> {
  const isMeant = ({ id, label, value }: Choice): boolean =>
    [label, value, id, id.split(":")[0]].some((one) => one?.toLowerCase() === name.toLowerCase());
  for (const replies of shown.toReversed()) {
    const found = replies.flatMap(({ messageId, reply }) =>
      (reply.choices ?? []).filter(isMeant).map(({ id, value }) => ({ messageId, choice: { id, value } })),
    );
    const pressed = found[nth - 1];
    if (pressed !== undefined) return pressed;
    if (found.length > 0) break;
  }
  const labels = (shown.at(-1) ?? []).flatMap(({ reply }) => (reply.choices ?? []).map(({ label }) => `“${label}”`));
  const there = labels.length === 0 ? "The newest answer has none" : `The newest answer has ${labels.join(", ")}`;
  throw new ParleyError("testing/no-button", `There is no button “${name}” to press. ${there}.`);
}
