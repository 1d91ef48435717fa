/** Plays one conversation on a stage of its own and has each turn judged. */
import type { MemoryFact, ModelUsage } from "../../core/crew.ts";
import { createMemoryAccess } from "../../core/conversation/index.ts";
import type { ConversationId } from "../../core/conversation-id.ts";
import { describeError } from "../../core/errors.ts";
import type { Choice } from "../../core/reply.ts";
import type { HandOver } from "../../core/store/store.ts";
import type { ListedAction } from "../../core/tool.ts";
import { inShort, type Proposed, type TurnFacts, visibleText } from "./facts.ts";
import { conversationOf, type Delivered, type Move } from "./in-process-account.ts";
import type { RecordedCall } from "./recorder.ts";
import type { Stage, Theatre } from "./stage.ts";

/** One turn: what the person does, and what must be true of the answer. */
export interface ScriptTurn {
  readonly say?: string | undefined;
  /** A text that the person hands on from somebody else. */
  readonly forward?: string | undefined;
  /** A text file that is sent along. */
  readonly file?: { readonly name: string; readonly text: string } | undefined;
  /** The button that is pressed: by its label, its value, its id, or the id's part before the colon. */
  readonly press?: string | undefined;
  /** Which one of several such buttons of the same answer, from 1. */
  readonly of?: number | undefined;
  /** Gives what does not hold, each in a sentence. */
  readonly judge: (facts: TurnFacts) => readonly string[];
}

/** A conversation that can be played with any bot. */
export interface Script {
  readonly id: string;
  readonly kind: string;
  readonly language: string;
  /** File and line. */
  readonly where: string;
  readonly chat: "direct" | "group";
  /** Said in a direct chat before it begins, such as what links the person; not judged. */
  readonly before: readonly string[];
  readonly turns: readonly ScriptTurn[];
}

export interface TurnResult {
  /** What the person did. */
  readonly said: string;
  readonly failures: readonly string[];
  /** What came. */
  readonly came: string;
  readonly milliseconds: number;
  readonly usages: readonly ModelUsage[];
}

/** One run of a conversation. */
export interface Run {
  readonly passed: boolean;
  readonly turns: readonly TurnResult[];
}

/** Plays the conversation once, with a bot that has nothing in its memory. */
export async function play(script: Script, theatre: Theatre): Promise<Run> {
  const stage = await theatre.open();
  try {
    const player = createPlayer(stage, script);
    for (const words of script.before) await player.move({ say: words }, "direct");
    const turns: TurnResult[] = [];
    for (const turn of script.turns) turns.push(await judged(turn, script, player));
    return { passed: turns.every(({ failures }) => failures.length === 0), turns };
  } finally {
    await stage.close();
  }
}

async function judged(turn: ScriptTurn, { chat }: Script, player: Player): Promise<TurnResult> {
  const said = [
    ...(turn.press === undefined ? [] : [`[${turn.press}]`]),
    ...(turn.say === undefined ? [] : [turn.say]),
    ...(turn.forward === undefined ? [] : [`> ${turn.forward}`]),
    ...(turn.file === undefined ? [] : [`[${turn.file.name}]`]),
  ].join("\n");
  try {
    const facts = await player.move(turn, chat);
    if (facts === undefined) {
      const failure = `there is no button “${turn.press}” to press`;
      return { said, failures: [failure], came: "", milliseconds: 0, usages: [] };
    }
    const { milliseconds, usages } = facts;
    return { said, failures: turn.judge(facts), came: inShort(facts), milliseconds, usages };
  } catch (thrown) {
    return { said, failures: [describeError(thrown)], came: "", milliseconds: 0, usages: [] };
  }
}

interface Player {
  /** Undefined where the button to press was never shown. */
  readonly move: (turn: Omit<ScriptTurn, "judge">, chat: Script["chat"]) => Promise<TurnFacts | undefined>;
}

const USER = "person";

function createPlayer(stage: Stage, { id }: Script): Player {
  const { account, recorder } = stage;
  const shown: (readonly Delivered[])[] = [];
  const before: TurnFacts[] = [];
  const proposals = new Map<string, Proposed>();
  const lookAtActions = watchActions(account, proposals);
  let moves = 0;

  const moveOf = async (turn: Omit<ScriptTurn, "judge">, chat: Move["chat"]): Promise<Move | undefined> => {
    const base = { id: `${id}-${(moves += 1)}`, chat, userId: USER, at: new Date(stage.clock()).toISOString() };
    if (turn.press !== undefined) {
      const pressed = buttonOf(shown, turn.press, turn.of ?? 1);
      return pressed && { ...base, pressed };
    }
    const { file } = turn;
    const sent = file && {
      name: file.name,
      spoolKey: await account.keep(file.name, file.text, conversationOf(chat.id)),
    };
    return {
      ...base,
      text: turn.say ?? "",
      ...(turn.forward && { forwarded: turn.forward }),
      ...(sent && { file: sent }),
    };
  };

  return {
    move: async (turn, type) => {
      const move = await moveOf(turn, { id: `${type}-${USER}`, type });
      if (move === undefined) return undefined;
      const memoryBefore = await memoryOf(stage, type);
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
        memory: { before: memoryBefore, after: await memoryOf(stage, type) },
        trace: (await stage.store.traces.find(eventId))[0],
        milliseconds,
        before: [...before],
      };
      before.push(facts);
      return facts;
    },
  };
}

/** Gives what waits, and what changed in a conversation since it was last looked at. */
function watchActions({ actions }: Stage["account"], proposals: ReadonlyMap<string, Proposed>) {
  let known: readonly ListedAction[] = [];
  return async (conversation: ConversationId) => {
    const earlier = new Map(known.map((action) => [action.id, action.status]));
    known = await actions(conversation);
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

async function memoryOf({ store, bot, account }: Stage, chatType: Script["chat"]): Promise<readonly MemoryFact[]> {
  const conversation = conversationOf(`${chatType}-${USER}`);
  const person = await store.people.personOf(account.id, USER);
  return await createMemoryAccess(store, { bot: bot.id, chatType, conversation, person }).facts();
}

/** The button of the newest answer that has one of this name. */
function buttonOf(shown: readonly (readonly Delivered[])[], name: string, nth: number): Move["pressed"] {
  const isMeant = ({ id, label, value }: Choice): boolean =>
    [label, value, id, id.split(":")[0]].some((one) => one?.toLowerCase() === name.toLowerCase());
  for (const replies of shown.toReversed()) {
    const found = replies.flatMap(({ messageId, reply }) =>
      (reply.choices ?? []).filter(isMeant).map(({ id, value }) => ({ messageId, choice: { id, value } })),
    );
    if (found.length > 0) return found[nth - 1];
  }
  return undefined;
}
