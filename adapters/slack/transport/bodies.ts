/** What Slack sends, as far as it is read: events, slash commands, interactions. */
import { z } from "zod";
import { optionalPart, readableItems } from "../../../adapter.ts";
import { File, wordParts } from "./words.ts";

const Ts = z.string().regex(/^\d+\.\d+$/u);
export const Said = z.object({
  user: optionalPart(z.string()),
  bot_id: optionalPart(z.string()),
  app_id: optionalPart(z.string()),
  username: optionalPart(z.string()),
  /** The author's own workspace, where a channel is shared with others. */
  user_team: optionalPart(z.string()),
  source_team: optionalPart(z.string()),
  subtype: optionalPart(z.string()),
  text: z.string().catch(""),
  ts: Ts,
  thread_ts: optionalPart(Ts),
  parent_user_id: optionalPart(z.string()),
  edited: optionalPart(z.object({ ts: Ts })),
  files: readableItems(File),
  ...wordParts,
});
export type Said = z.infer<typeof Said>;
const Before = Said.partial();
export type Before = z.infer<typeof Before>;

export const Callback = z.object({
  type: z.literal("event_callback"),
  team_id: z.string().catch(""),
  api_app_id: optionalPart(z.string()),
  authorizations: readableItems(z.object({ user_id: optionalPart(z.string()) })),
  event: z.looseObject({ type: z.string(), subtype: optionalPart(z.string()) }),
  /** Added by our transport: the app's bot in all workspaces, and the first message of a thread with its author's name. */
  own_users: readableItems(z.string()),
  parent: optionalPart(Said.extend({ author: optionalPart(z.string()) })),
});
export type Callback = z.infer<typeof Callback>;

/** Events, by what happened. */
export const Changed = z.object({ channel: z.string(), message: Said, previous_message: optionalPart(Before) });
export const Deleted = z.object({
  channel: z.string(),
  ts: Ts,
  deleted_ts: Ts,
  previous_message: optionalPart(Before),
});
export const Reaction = z.object({
  user: z.string(),
  reaction: z.string(),
  item: z.object({ type: z.literal("message"), channel: z.string(), ts: Ts }),
  event_ts: Ts,
});
export const Membership = z.object({ user: z.string().optional(), channel: z.string(), event_ts: Ts });

/** Added by our transports: these bodies say nowhere when they were sent. */
const receivedAt = z.iso.datetime();
export const Command = z.object({
  command: z.string().regex(/^\/[a-z0-9_-]{1,64}$/u),
  text: z.string().default(""),
  team_id: z.string(),
  channel_id: z.string(),
  user_id: z.string(),
  user_name: optionalPart(z.string()),
  trigger_id: z.string(),
  response_url: z.string(),
  received_at: receivedAt,
});
export const Pressed = z.object({
  type: z.literal("block_actions"),
  user: z.object({ id: z.string(), username: optionalPart(z.string()), team_id: optionalPart(z.string()) }),
  team: z.object({ id: z.string() }).nullish(),
  received_at: receivedAt,
  channel: z.object({ id: z.string() }),
  container: z.object({ message_ts: Ts.optional(), thread_ts: Ts.optional() }).optional(),
  response_url: z.string().optional(),
  actions: z
    .array(
      z.object({
        action_id: z.string(),
        block_id: z.string().default(""),
        action_ts: z.string(),
        value: z.string().optional(),
        selected_option: z.object({ value: z.string() }).nullish(),
      }),
    )
    .min(1),
});
export type Pressed = z.infer<typeof Pressed>;
