/** SQLite files of version 4 become the newest one: history and traces in one row each, references of both kinds in one table. */

const RENAMED = [
  "conversation_users",
  "conversations",
  "conversation_files",
  "turns",
  "traces",
  "trace_references",
  "deliveries",
  "delivery_messages",
  "identities",
  "link_codes",
  "controls",
];
const INDEXES = [
  "open_conversations",
  "conversation_files_by_conversation",
  "turns_by_event",
  "turns_in_order",
  "deliveries_in_trouble",
  "identities_by_person",
  "link_codes_by_prefix",
];
/** Tables that did not change. */
const KEPT = ["facts", "usage_hits", "usage_spent", "usage_spent_ids", "owned_values"];

/** When a person had taken over nobody noted: before it ends. */
const TAKEN_OVER = `
  UPDATE controls SET kind = 'handed-over', since = coalesce(until, ''), cause = 'operator', told = ''
    WHERE kind = 'human-takeover';`;

/** Both engines, version 5 to 6: who handed a conversation over to people, why and when. */
export const fromVersion5 = `
  ${["since", "cause", "note", "told"].map((column) => `ALTER TABLE controls ADD COLUMN ${column} TEXT;`).join("\n  ")}
  ${TAKEN_OVER}
  CREATE INDEX controls_by_kind ON controls (kind, since);
`;

const ms = (time: string): string => `CAST(round(unixepoch(${time}, 'subsec') * 1000) AS INTEGER)`;

const COPY = `
  INSERT INTO conversations SELECT * FROM old_conversations;
  INSERT INTO conversation_users (conversation, user_id, position)
    SELECT conversation, user_id, row_number() OVER (PARTITION BY conversation ORDER BY rowid) - 1
    FROM old_conversation_users;
  INSERT INTO conversation_files SELECT * FROM old_conversation_files;
  INSERT INTO identities SELECT * FROM old_identities;
  INSERT INTO link_codes SELECT * FROM old_link_codes;
  INSERT INTO controls (conversation, kind, until, set_by) SELECT conversation, kind, until, set_by FROM old_controls;
  ${TAKEN_OVER}

  -- In the order of their age, traces without a turn in between; turns of one conversation stay in theirs.
  INSERT INTO turns (event_id, conversation, session, at, body, trace)
  SELECT event_id, conversation, session, at, body, trace FROM (
    SELECT turn.event_id, turn.conversation, turn.session, ${ms("turn.at")} AS at,
      json_patch(
        json_object('q', turn.sequence, 'u', turn.user_id, 'w', turn.text, 'r', json(turn.replies),
          'a', ${ms("turn.answered_at")} - ${ms("turn.at")}),
        json_object('n', turn.user_name, 'i', turn.message_id,
          'm', json((SELECT json_group_array(json_array(value ->> 'id', value ->> 'fingerprint'))
            FROM json_each(turn.messages) HAVING turn.messages IS NOT NULL)))) AS body,
      json_set(trace.body, '$.t', ${ms("trace.started_at")}) AS trace,
      max(turn.at) OVER (ORDER BY turn.id) AS place, turn.id AS number
    FROM old_turns AS turn
    LEFT JOIN old_traces AS trace ON trace.id = turn.event_id AND trace.conversation = turn.conversation
    UNION ALL
    SELECT trace.id, trace.conversation, NULL, ${ms("trace.started_at")}, NULL,
      json_set(trace.body, '$.t', ${ms("trace.started_at")}), trace.started_at, 0
    FROM old_traces AS trace WHERE NOT EXISTS (
      SELECT 1 FROM old_turns AS turn
      WHERE turn.event_id = trace.id AND turn.conversation = trace.conversation))
  ORDER BY place, number;

  INSERT INTO deliveries (id, conversation, outcome, at, body)
  SELECT id, conversation, outcome, ${ms("at")}, json_patch(
    json_object(
      'r', json((SELECT json_group_array(json_array(
        value -> 'part', value ->> 'messageId', ${ms("delivery.at")} - ${ms("value ->> 'at'")}))
        FROM json_each(delivery.receipts))),
      'd', json((SELECT json_group_array(json_array(value ->> 'feature', value ->> 'shownAs'))
        FROM json_each(delivery.degraded))),
      'n', parts),
    json_object('p', CASE plain WHEN 1 THEN 1 END, 't', detail,
      'a', CASE WHEN instr(conversation, account || ':') <> 1 THEN account END))
  FROM old_deliveries AS delivery;

  INSERT INTO message_references (message, event)
  SELECT reference, trace FROM old_trace_references
  UNION SELECT message_id, event_id FROM old_delivery_messages JOIN old_deliveries ON id = delivery
  UNION SELECT message_id, event_id FROM old_turns WHERE message_id IS NOT NULL
  UNION SELECT value ->> 'id', event_id FROM old_turns, json_each(messages);
`;

/** `tables` are those of the newest version. */
export function fromVersion4(tables: string): string {
  const isKept = (statement: string): boolean =>
    KEPT.some((table) => new RegExp(`CREATE TABLE ${table} |ON ${table} `, "u").test(statement));
  return [
    ...INDEXES.map((index) => `DROP INDEX ${index}`),
    ...RENAMED.map((table) => `ALTER TABLE ${table} RENAME TO old_${table}`),
    ...tables.split(";").filter((statement) => !isKept(statement)),
    COPY,
    ...RENAMED.map((table) => `DROP TABLE old_${table}`),
  ].join(";\n");
}
