import type { RetentionClass } from "../../retention.ts";

/** Where a class's rows lie and which column says how old they are (ISO 8601). Another engine reads the same list. */
export interface RetentionRule {
  readonly class: RetentionClass;
  readonly table: string;
  readonly column: string;
  /** What else makes a row ready to go. */
  readonly where?: string;
  /** Rows of other tables that belong to the old rows, deleted before them. `old` names the old rows. */
  readonly first?: readonly string[];
}

/** Every table of the store that grows with messages or people. */
export const retentionRules: readonly RetentionRule[] = [
  { class: "history", table: "turns", column: "at" },
  { class: "history", table: "conversations", column: "last_event_at", where: "open = 0" },
  { class: "spool", table: "conversation_files", column: "at" },
  {
    class: "traces",
    table: "traces",
    column: "started_at",
    first: [
      `DELETE FROM trace_references WHERE (reference, trace) IN (
        SELECT value, old.id FROM old, json_each(old.body, '$.e')
        UNION SELECT value, old.id FROM old, json_each(old.body, '$.m'))`,
    ],
  },
  {
    class: "deliveries",
    table: "deliveries",
    column: "at",
    first: [
      `DELETE FROM delivery_messages WHERE (message_id, delivery) IN (
        SELECT json_extract(value, '$.messageId'), old.id FROM old, json_each(old.receipts))`,
    ],
  },
];

/**
 * Platform users that nothing refers to any more: no conversation, no link, no facts. A link code that is over belongs
 * to nobody either.
 */
export const orphanRules: readonly string[] = [
  `DELETE FROM identities WHERE person = home
    AND NOT EXISTS (SELECT 1 FROM identities other WHERE other.person = identities.home AND other.home <> identities.home)
    AND NOT EXISTS (SELECT 1 FROM facts WHERE scope = 'person' AND owner = identities.home)
    AND NOT EXISTS (SELECT 1 FROM link_codes WHERE person = identities.home)
    AND NOT EXISTS (
      SELECT 1 FROM conversation_users JOIN conversations ON conversations.id = conversation_users.conversation
      WHERE conversation_users.user_id = identities.user_id AND conversations.account = identities.account)`,
];
