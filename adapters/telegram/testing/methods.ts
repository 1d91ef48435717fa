/** What Bot API methods are made of. */
import { z } from "zod";
import { refuse } from "./refusal.ts";
import type { FormFile, TakeFrom, Waiting } from "../../../core/testing/index.ts";
import type { Updates } from "./updates.ts";
import type { Room, World } from "./world.ts";

export interface MethodContext {
  readonly world: World;
  readonly updates: Updates;
  readonly takeFrom: TakeFrom;
  /** Pressed buttons: the client shows them as busy until the bot answers, with a notice or without. */
  readonly presses: Waiting<string>;
  /** Aborted when the caller hangs up. */
  readonly gone: AbortSignal;
}

/** Gives the API's `result`. Throws a `Refusal`, or Zod's error for a call with wrong fields. */
export type Method = (fields: unknown, context: MethodContext, files: readonly FormFile[]) => unknown;

/** A method whose fields are these. */
export function method<Shape extends z.core.$ZodLooseShape>(
  shape: Shape,
  run: (
    call: z.output<z.ZodObject<Shape, z.core.$loose>>,
    context: MethodContext,
    files: readonly FormFile[],
  ) => unknown,
): Method {
  const fields = z.looseObject(shape);
  return (given, context, files) => run(fields.parse(given), context, files);
}

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

/** A burst, and how many more each second. Telegram names 1 a second for a chat, 20 a minute for a group, 30 a second in all. */
const RATES = {
  private: { burst: 20, perSecond: 1 },
  supergroup: { burst: 20, perSecond: 20 / 60 },
  all: { burst: 30, perSecond: 30 },
} as const;

/** Counts one message or edit. Refuses with `retry_after` when it is one too many. */
export function countFor({ id, type }: Room, { takeFrom }: MethodContext): void {
  const wait = Math.ceil(takeFrom(String(id), RATES[type]) || takeFrom("all", RATES.all));
  if (wait > 0) refuse(429, `Too Many Requests: retry after ${wait}`, { retry_after: wait });
}
