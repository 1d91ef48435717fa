import type { AccountId, ConversationId } from "../../conversation-id.ts";
import type { PauseScope } from "../broker.ts";
import type { EmbeddedContext } from "./context.ts";

export interface Pauses {
  readonly pause: (scope: PauseScope) => Promise<void>;
  readonly resume: (scope: PauseScope) => Promise<void>;
  readonly covers: (conversation: { readonly id: ConversationId; readonly account: AccountId }) => boolean;
}

/** What is paused, on disk: it stays paused after a restart. */
export function createPauses({ database, write }: EmbeddedContext): Pauses {
  const pause = database.prepare<[string]>("INSERT OR IGNORE INTO paused (scope) VALUES (?)");
  const resume = database.prepare<[string]>("DELETE FROM paused WHERE scope = ?");
  const covers = database.prepare<[string, string]>("SELECT 1 FROM paused WHERE scope IN ('all', ?, ?) LIMIT 1");
  return {
    pause: (scope) => write(() => void pause.run(scopeKey(scope))),
    resume: (scope) => write(() => void resume.run(scopeKey(scope))),
    covers: ({ id, account }) => covers.get(`conversation ${id}`, `account ${account}`) !== undefined,
  };
}

function scopeKey(scope: PauseScope): string {
  if (scope === "all") return "all";
  return "conversation" in scope ? `conversation ${scope.conversation}` : `account ${scope.account}`;
}
