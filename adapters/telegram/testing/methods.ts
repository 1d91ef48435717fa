/** What Bot API methods are made of. */
import { z } from "zod";
import type { Flood } from "./flood.ts";
import { refuse } from "./refusal.ts";
import type { FormFile } from "../../../testing.ts";
import type { CallBody } from "./requests.ts";
import type { Presses } from "./presses.ts";
import type { Updates } from "./updates.ts";
import type { Room, World } from "./world.ts";

export interface MethodContext {
  readonly world: World;
  readonly updates: Updates;
  readonly flood: Flood;
  readonly presses: Presses;
  readonly clock: () => number;
  /** Aborted when the caller hangs up. */
  readonly gone: AbortSignal;
}

/** Gives the API's `result`. Throws a `Refusal`, or Zod's error for a call with wrong fields. */
export type Method = (fields: CallBody["fields"], context: MethodContext, files: readonly FormFile[]) => unknown;

export const ChatId = z.union([
  z.number().int(),
  z
    .string()
    .regex(/^-?\d+$/u)
    .transform(Number),
]);

const Button = z
  .object({
    text: z.string().min(1),
    callback_data: z.string().optional(),
    url: z.string().optional(),
    style: z.enum(["primary", "success", "danger"]).optional(),
  })
  .superRefine(({ callback_data: data, url }, context) => {
    const bytes = Buffer.byteLength(data ?? "");
    if (data === undefined && url === undefined) context.addIssue("text buttons are unallowed in the inline keyboard");
    if (data !== undefined && (bytes < 1 || bytes > 64)) context.addIssue("BUTTON_DATA_INVALID");
  });

export const Keyboard = z.object({ inline_keyboard: z.array(z.array(Button).max(8)).max(100) });

/** The chat, where the bot may write to it. */
export function roomOf(id: number, world: World): Room {
  const room = world.rooms.get(id) ?? refuse(400, "Bad Request: chat not found");
  if (room.movedTo !== undefined) {
    refuse(400, "Bad Request: group chat was upgraded to a supergroup chat", { migrate_to_chat_id: room.movedTo });
  }
  if (room.botIsMember) return room;
  return room.type === "private"
    ? refuse(403, "Forbidden: bot was blocked by the user")
    : refuse(403, "Forbidden: bot was kicked from the supergroup chat");
}
