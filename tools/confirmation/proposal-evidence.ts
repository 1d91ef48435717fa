/** What the audit proves of proposals: what was proposed when it is made, and each decision when it is taken. */
import type { Evidence, EvidenceBook } from "../../core/evidence.ts";
import { Json } from "../../core/json.ts";
import type { Database } from "../../core/store/sql/database.ts";
import { canonicalJson, sha256 } from "../canonical-json.ts";
import { TABLE } from "./proposal-module.ts";
import { listRows, type StoredRow } from "./proposal-queries.ts";
import { proposalOf, type ProposalOutcome, type ProposalRecord } from "./proposal-record.ts";

/** The fields that never change, as they are stored. */
export function boundOf(record: ProposalRecord): Evidence {
  const { id, tool, argumentsHash, risk, bot, person, account, userId, conversation, chatType } = record;
  const { locale, eventId, callId, code, createdAt, expiresAt } = record;
  return {
    table: TABLE,
    id,
    fields: {
      tool,
      arguments: canonicalJson(record.arguments),
      argumentsHash,
      echo: canonicalJson(record.echo),
      risk,
      bot,
      person,
      account,
      userId,
      conversation,
      chatType,
      scopes: JSON.stringify(record.scopes),
      locale,
      eventId,
      callId,
      code,
      createdAt,
      expiresAt,
    },
  };
}

type Decided = Pick<ProposalRecord, "id" | "status"> & {
  readonly decidedAt?: number | undefined;
  readonly decidedBy?: string | null | undefined;
  readonly outcome?: ProposalOutcome | undefined;
};

/** How it was decided, and what came of it. */
export function decisionOf({ id, status, decidedAt, decidedBy = null, outcome }: Decided): Evidence {
  const fields = { status, decidedAt: decidedAt ?? null, decidedBy };
  const told = outcome === undefined ? null : JSON.stringify(outcome);
  return { table: TABLE, id, fields: { ...fields, outcome: told } };
}

/** The hash of what its requester was shown: summary, facts, amount and payee. */
export function shownOf(record: ProposalRecord): string {
  const { summary, facts } = proposalOf(record);
  const { amount, payee } = record.echo;
  const shown = { summary, facts, ...(amount && { amount }), ...(payee !== undefined && { payee }) };
  return sha256(canonicalJson(Json.parse(shown)));
}

/** The table as it is now, for the audit to compare. Close the database yourself. */
export function proposalBook(database: Database): EvidenceBook {
  return {
    place: database.place,
    tables: [TABLE],
    isOrdered: true,
    isComplete: true,
    rows: async function* () {
      for (let last = 0; ;) {
        const page = await database.all(listRows, { after: last });
        for (const row of page) yield evidenceOf(row);
        const end = page.at(-1);
        if (end === undefined) return;
        last = end.number;
      }
    },
    close: async () => undefined,
  };
}

function evidenceOf({ number: _number, id, ...fields }: StoredRow): Evidence {
  return { table: TABLE, id, fields };
}
