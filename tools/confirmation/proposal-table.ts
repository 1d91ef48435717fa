/** The proposals at rest. Every change of state is one statement that names the state it starts from. */
import type { Database } from "better-sqlite3";
import { canonicalJson } from "../canonical-json.ts";
import { migrate } from "../../core/store/sqlite/database.ts";
import {
  CLOCK_TOLERANCE_MS,
  type ProposalOutcome,
  type ProposalRecord,
  readProposal,
  type Requester,
} from "./proposal-record.ts";

const migrations = [
  {
    version: 1,
    sql: `
      CREATE TABLE proposals (
        id TEXT PRIMARY KEY,
        tool TEXT NOT NULL, arguments TEXT NOT NULL, argumentsHash TEXT NOT NULL, echo TEXT NOT NULL, risk TEXT NOT NULL,
        bot TEXT NOT NULL, person TEXT NOT NULL, account TEXT NOT NULL, userId TEXT NOT NULL,
        conversation TEXT NOT NULL, chatType TEXT NOT NULL, scopes TEXT NOT NULL, locale TEXT NOT NULL,
        eventId TEXT NOT NULL, callId TEXT NOT NULL, userTexts TEXT NOT NULL,
        code TEXT NOT NULL, codeAttempts INTEGER NOT NULL DEFAULT 0,
        createdAt INTEGER NOT NULL, expiresAt INTEGER NOT NULL,
        status TEXT NOT NULL DEFAULT 'pending'
          CHECK (status IN ('pending', 'confirmed', 'executed', 'failed', 'cancelled', 'expired')),
        decidedAt INTEGER, decidedBy TEXT, owner TEXT, leaseUntil INTEGER, executions INTEGER NOT NULL DEFAULT 0,
        outcome TEXT) STRICT;
      CREATE INDEX proposals_by_conversation ON proposals (conversation, createdAt);
      CREATE INDEX proposals_by_person ON proposals (person, createdAt);
      CREATE INDEX proposals_unfinished ON proposals (bot) WHERE status = 'confirmed';
      CREATE TRIGGER proposals_are_bound
        BEFORE UPDATE OF id, tool, arguments, argumentsHash, echo, risk, bot, person, account, userId, conversation,
          chatType, scopes, eventId, callId, code, createdAt, expiresAt ON proposals
        BEGIN SELECT RAISE(ABORT, 'what was proposed is never changed'); END;
      CREATE TRIGGER proposals_stay_decided BEFORE UPDATE OF status ON proposals
        WHEN NOT (OLD.status = 'pending' AND NEW.status IN ('confirmed', 'cancelled', 'expired')
          OR OLD.status = 'confirmed' AND NEW.status IN ('executed', 'failed'))
        BEGIN SELECT RAISE(ABORT, 'a decided proposal stays decided'); END;`,
  },
];

/** A new proposal, before its state. */
export type NewProposal = Omit<
  ProposalRecord,
  "codeAttempts" | "status" | "decidedAt" | "decidedBy" | "owner" | "leaseUntil" | "executions" | "outcome"
>;

/** Who executes a confirmed proposal, and how long others leave it alone. */
export interface Lease {
  readonly owner: string;
  readonly leaseUntil: number;
}

/** How many of a conversation's newest proposals a typed code may mean. */
const RECENT = 50;

export type ProposalTable = ReturnType<typeof createProposalTable>;

/** Opens the table. All functions are synchronous; the writing ones belong inside a write transaction. */
export function createProposalTable(database: Database) {
  migrate(database, "proposals", migrations);
  return { ...reads(database), ...decisions(database), ...runs(database), ...removals(database) };
}

function reads(database: Database) {
  const byId = database.prepare("SELECT * FROM proposals WHERE id = ?");
  const byConversation = database.prepare(
    `SELECT * FROM proposals WHERE conversation = ? ORDER BY createdAt DESC, rowid DESC LIMIT ${RECENT}`,
  );
  const unfinished = database.prepare("SELECT * FROM proposals WHERE status = 'confirmed' AND bot = ? ORDER BY rowid");
  return {
    find: (id: string): ProposalRecord | undefined => {
      const row = byId.get(id);
      return row === undefined ? undefined : readProposal(row);
    },
    /** Newest first. */
    recent: (conversation: string): readonly ProposalRecord[] => byConversation.all(conversation).map(readProposal),
    unfinished: (bot: string): readonly ProposalRecord[] => unfinished.all(bot).map(readProposal),
  };
}

function decisions(database: Database) {
  const insert = database.prepare(`
    INSERT INTO proposals (id, tool, arguments, argumentsHash, echo, risk, bot, person, account, userId, conversation,
      chatType, scopes, locale, eventId, callId, userTexts, code, createdAt, expiresAt)
    VALUES (@id, @tool, @arguments, @argumentsHash, @echo, @risk, @bot, @person, @account, @userId, @conversation,
      @chatType, @scopes, @locale, @eventId, @callId, @userTexts, @code, @createdAt, @expiresAt)`);
  const confirm = database.prepare(`
    UPDATE proposals SET status = 'confirmed', decidedAt = @now, decidedBy = @eventId, userTexts = '[]',
      owner = @owner, leaseUntil = @leaseUntil, executions = 1
    WHERE id = @id AND status = 'pending' AND expiresAt > @now AND createdAt <= @now + ${CLOCK_TOLERANCE_MS} AND bot = @bot AND person = @person
      AND account = @account AND userId = @userId AND conversation = @conversation`);
  const close = database.prepare(`
    UPDATE proposals SET status = @status, decidedAt = @now, decidedBy = @eventId, userTexts = '[]', outcome = @outcome
    WHERE id = @id AND status = 'pending'`);
  const attempt = database.prepare(
    "UPDATE proposals SET codeAttempts = codeAttempts + 1 WHERE id = ? AND status = 'pending'",
  );
  return {
    insert: (proposal: NewProposal): void => {
      insert.run({
        ...proposal,
        arguments: canonicalJson(proposal.arguments),
        echo: canonicalJson(proposal.echo),
        scopes: JSON.stringify(proposal.scopes),
        userTexts: JSON.stringify(proposal.userTexts),
      });
    },
    /** The one compare-and-set that lets a proposal be executed: of any number of confirmations one gets true. */
    confirm: (id: string, who: Requester, decision: Lease & { readonly now: number; readonly eventId: string }) => {
      const { bot, person, account, userId, conversation } = who;
      return confirm.run({ id, bot, person, account, userId, conversation, ...decision }).changes === 1;
    },
    /** Ends a pending proposal without executing it. */
    close: (
      id: string,
      status: "cancelled" | "expired",
      decision: { readonly now: number; readonly eventId: string | null; readonly outcome: ProposalOutcome },
    ): boolean => close.run({ id, status, ...decision, outcome: JSON.stringify(decision.outcome) }).changes === 1,
    countAttempt: (id: string): void => void attempt.run(id),
  };
}

function runs(database: Database) {
  const takeOver = database.prepare(`
    UPDATE proposals SET owner = @owner, leaseUntil = @leaseUntil, executions = executions + 1
    WHERE id = @id AND status = 'confirmed' AND executions = @executions
      AND (owner IS NULL OR leaseUntil <= @now OR owner = @deadOwner)`);
  const release = database.prepare(
    "UPDATE proposals SET owner = NULL, leaseUntil = NULL WHERE id = ? AND status = 'confirmed' AND executions = ?",
  );
  const finish = database.prepare(`
    UPDATE proposals SET status = @status, owner = NULL, leaseUntil = NULL, outcome = @outcome
    WHERE id = @id AND status = 'confirmed' AND executions = @executions`);
  return {
    /** Executes again what a process left unfinished; `executions` is the count that was seen, so that one taker wins. */
    takeOver: (seen: ProposalRecord, lease: Lease & { readonly now: number; readonly deadOwner: string | null }) =>
      takeOver.run({ id: seen.id, executions: seen.executions, ...lease }).changes === 1,
    /** Lets the next touch execute it again at once. */
    release: (id: string, executions: number): void => void release.run(id, executions),
    finish: (
      run: { readonly id: string; readonly executions: number },
      status: "executed" | "failed",
      outcome: ProposalOutcome,
    ): boolean => finish.run({ ...run, status, outcome: JSON.stringify(outcome) }).changes === 1,
  };
}

function removals(database: Database) {
  const overdue = database.prepare(`
    SELECT * FROM proposals WHERE status = 'pending' AND expiresAt < ? ORDER BY rowid LIMIT 100`);
  const pendingOf = database.prepare("SELECT * FROM proposals WHERE status = 'pending' AND person = ? AND bot = ?");
  const prune = database.prepare(`
    DELETE FROM proposals WHERE rowid IN (SELECT rowid FROM proposals ORDER BY rowid LIMIT 500)
      AND createdAt < ? AND status NOT IN ('pending', 'confirmed')`);
  const erase = database.prepare(
    "DELETE FROM proposals WHERE person = ? AND bot = ? AND status NOT IN ('pending', 'confirmed')",
  );
  return {
    /** Waiting ones whose time is over. */
    overdue: (now: number): readonly ProposalRecord[] => overdue.all(now).map(readProposal),
    pendingOf: (person: string, bot: string): readonly ProposalRecord[] => pendingOf.all(person, bot).map(readProposal),
    /** Deletes decided ones that were made before; a few at a time. */
    prune: (before: number): number => prune.run(before).changes,
    /** Deletes a person's decided ones. What is being carried out stays until it is done. */
    erase: (person: string, bot: string): number => erase.run(person, bot).changes,
  };
}
