/** Forgetting a conversation and its person everywhere: tools, dead letters, choices on offer, files and their names, store. */
import { forgetTextFiles, type Spool } from "../attachments/index.ts";
import type { Broker, DeadLetters } from "../broker/broker.ts";
import type { ConversationId } from "../conversation-id.ts";
import { rememberChoices } from "../delivery/numbered-choices.ts";
import type { ErasureScope, Store } from "../store/store.ts";

/** Erases all that is kept of a conversation; in a direct one, of its person with the bot. Repeating it does no harm. */
export type Erase = (conversation: ConversationId) => Promise<void>;

export interface EraserOptions {
  readonly store: Pick<Store, "erasure">;
  readonly broker: Pick<Broker, "deadLetters" | "remember">;
  readonly spool: Pick<Spool, "remove">;
  /** What else a bot keeps of a person: its tool packs, its proposals. */
  readonly keepersOf: (bot: string) => readonly { readonly forget?: (person: string) => Promise<void> }[];
  /** What is on its way to others about these conversations. Left out where nobody is told. */
  readonly forgetTold?: (conversations: readonly ConversationId[]) => Promise<void>;
}

const PAGE = 200;

/**
 * Makes the eraser. The store comes last: until then it knows whose conversation it was, so that a crash in the middle
 * is made good by asking again.
 */
export function createEraser(options: EraserOptions): Erase {
  return async (conversation) => {
    const scope = await options.store.erasure.scope(conversation);
    if (scope !== undefined) await eraseScope(options, scope);
  };
}

/** Erases all that one bot keeps of a person, wherever they spoke with it; gives what that was. Repeating it does no harm. */
export function createPersonEraser(options: EraserOptions): (person: string, bot: string) => Promise<ErasureScope> {
  return async (person, bot) => {
    const scope = await options.store.erasure.scopeOfPerson(person, bot);
    await eraseScope(options, scope);
    return scope;
  };
}

async function eraseScope(options: EraserOptions, scope: ErasureScope): Promise<void> {
  const { store, broker, spool, keepersOf, forgetTold } = options;
  for (const person of scope.persons) for (const { forget } of keepersOf(scope.bot)) await forget?.(person);
  await removeDeadLetters(broker.deadLetters, new Set(scope.conversations));
  for (const one of scope.conversations) {
    await rememberChoices(broker, one, []);
    await forgetTextFiles(broker, one);
  }
  await forgetTold?.(scope.conversations);
  const { files } = await store.erasure.erase(scope);
  for (const key of files) await spool.remove(key);
}

async function removeDeadLetters(letters: DeadLetters, conversations: ReadonlySet<ConversationId>): Promise<void> {
  const found: string[] = [];
  let before: string | undefined;
  for (;;) {
    const page = await letters.list({ limit: PAGE, ...(before === undefined ? {} : { before }) });
    found.push(...page.filter(({ conversation }) => conversations.has(conversation)).map(({ id }) => id));
    before = page.at(-1)?.id;
    if (page.length < PAGE) break;
  }
  for (const id of found) await letters.remove(id);
}
