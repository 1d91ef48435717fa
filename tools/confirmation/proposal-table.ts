/** The proposals at rest. Every change of state is one statement that names the state it starts from. */
import type { Work } from "../../core/store/sql/database.ts";
import { all, change, first, run } from "../../core/store/sql/work.ts";
import { canonicalJson } from "../canonical-json.ts";
import * as queries from "./proposal-queries.ts";
import { CLOCK_TOLERANCE_MS, type ProposalOutcome, type ProposalRecord, type Requester } from "./proposal-record.ts";

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

/** What is done with proposals, as parts of a transaction. */
export const table = {
  find: (id: string) => first(queries.byId, { id }),
  /** Newest first. */
  recent: (conversation: string) => all(queries.newestOf, { conversation }),
  /** Confirmed and not finished, oldest first. */
  unfinished: (bot: string) => all(queries.confirmedOf, { bot }),
  /** Waiting ones whose time is over; a few at a time. */
  overdue: (now: number) => all(queries.overdue, { now }),
  pendingOf: (person: string, bot: string) => all(queries.pendingOf, { person, bot }),

  /** Gives it as it is stored. */
  insert: function* (proposal: NewProposal): Work<ProposalRecord> {
    const stored = yield* first(queries.insert, {
      ...proposal,
      arguments: canonicalJson(proposal.arguments),
      echo: canonicalJson(proposal.echo),
      scopes: JSON.stringify(proposal.scopes),
      userTexts: JSON.stringify(proposal.userTexts),
    });
    if (stored === undefined) throw new Error(`Proposal ${proposal.id} was inserted and is not there`);
    return stored;
  },
  /**
   * The one compare-and-set that lets a proposal be executed: of any number of confirmations one gets the confirmed
   * proposal, the others nothing.
   */
  confirm: (
    id: string,
    { bot, person, account, userId, conversation }: Requester,
    decision: Lease & { readonly now: number; readonly eventId: string },
  ) => {
    const latest = decision.now + CLOCK_TOLERANCE_MS;
    return first(queries.confirm, { id, bot, person, account, userId, conversation, latest, ...decision });
  },
  /** Ends a pending proposal without executing it. */
  close: function* (
    id: string,
    status: "cancelled" | "expired",
    decision: { readonly now: number; readonly eventId: string | null; readonly outcome: ProposalOutcome },
  ): Work<boolean> {
    return (yield* change(queries.close, { id, status, ...decision, outcome: JSON.stringify(decision.outcome) })) === 1;
  },
  countAttempt: (id: string) => run(queries.attempt, { id }),
  /** Executes again what a process left unfinished; `executions` is the count that was seen, so that one taker wins. */
  takeOver: function* (
    { id, executions }: ProposalRecord,
    lease: Lease & { readonly now: number; readonly deadOwner: string | null },
  ): Work<boolean> {
    return (yield* change(queries.takeOver, { id, executions, ...lease })) === 1;
  },
  /** Lets the next touch execute it again at once. */
  release: (id: string, executions: number) => run(queries.release, { id, executions }),
  finish: function* (
    { id, executions }: Pick<ProposalRecord, "id" | "executions">,
    status: "executed" | "failed",
    outcome: ProposalOutcome,
  ): Work<boolean> {
    return (yield* change(queries.finish, { id, executions, status, outcome: JSON.stringify(outcome) })) === 1;
  },
  /** Deletes decided ones that were made before; a few at a time. Gives which. */
  prune: (before: number) => all(queries.prune, { before }),
  /** All of a person's that are kept. */
  ofPerson: (person: string, bot: string) => all(queries.ofPerson, { person, bot }),
  /** Deletes a person's decided ones, and gives which. What is being carried out stays until it is done. */
  erase: (person: string, bot: string) => all(queries.erase, { person, bot }),
};
