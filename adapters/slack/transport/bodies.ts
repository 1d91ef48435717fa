/** What Slack sends, as far as it is read: events, slash commands, interactions. */
import { z } from "zod";

const Ts = z.string().regex(/^\d+\.\d+$/u);
export const File = z.object({
  id: z.string(),
  name: z.string().nullish(),
  mimetype: z.string().nullish(),
  size: z.number().int().nonnegative().nullish(),
  url_private_download: z.string().optional(),
  url_private: z.string().optional(),
});
export const Said = z.object({
  user: z.string().optional(),
  bot_id: z.string().optional(),
  app_id: z.string().optional(),
  username: z.string().optional(),
  subtype: z.string().optional(),
  text: z.string().default(""),
  ts: Ts,
  thread_ts: Ts.optional(),
  parent_user_id: z.string().optional(),
  edited: z.object({ ts: Ts }).optional(),
  files: z.array(File).default([]),
});
export type Said = z.infer<typeof Said>;

export const Callback = z.object({
  type: z.literal("event_callback"),
  team_id: z.string().default(""),
  api_app_id: z.string().optional(),
  authorizations: z.array(z.object({ user_id: z.string().nullish() })).nullish(),
  event: z.object({ type: z.string(), subtype: z.string().optional() }).loose(),
});
export type Callback = z.infer<typeof Callback>;

/** Events, by what happened. */
export const Changed = z.object({ channel: z.string(), message: Said, previous_message: Said.partial().optional() });
export const Deleted = z.object({
  channel: z.string(),
  ts: Ts,
  deleted_ts: Ts,
  previous_message: Said.partial().optional(),
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
  user_name: z.string().optional(),
  trigger_id: z.string(),
  response_url: z.string(),
  received_at: receivedAt,
});
export const Pressed = z.object({
  type: z.literal("block_actions"),
  user: z.object({ id: z.string(), username: z.string().optional() }),
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
