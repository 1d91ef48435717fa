/** What the harness tells its processes, and what they tell it. */
import { z } from "zod";
import { WireMessage } from "../platform-adapter.ts";

const Accept = z.object({
  do: z.literal("accept"),
  /** Comes back with the answer. */
  call: z.number(),
  chat: z.string(),
  key: z.string(),
  text: z.string(),
  /** A pressed button: the proposal that it confirms. */
  confirms: z.string().optional(),
});
export type AcceptCommand = z.infer<typeof Accept>;

/** How the platform misbehaves. */
export const Mood = z.object({
  do: z.literal("mood"),
  /** Answers this status to sends of these chats (all when left out), so many times. */
  refuse: z
    .object({ status: z.number(), times: z.number(), retryAfterMs: z.number().default(0), chat: z.string().optional() })
    .optional(),
  /** Shows the message and cuts the connection before the answer, with this probability. */
  cutAfterShowing: z.number().optional(),
});
export type Mood = z.infer<typeof Mood>;

export const Command = z.discriminatedUnion("do", [
  Accept,
  Mood,
  z.object({ do: z.literal("jump"), offsetMs: z.number() }),
]);
export type Command = z.infer<typeof Command>;

/** A message as it arrived at the platform. `shown` is false when it was refused or known already. */
export const Arrival = WireMessage.extend({
  is: z.literal("arrival"),
  platform: z.enum(["keyed", "plain"]),
  at: z.number(),
  shown: z.boolean(),
  status: z.number(),
});
export type Arrival = z.infer<typeof Arrival>;

const Answer = z.object({
  is: z.literal("answer"),
  call: z.number(),
  status: z.enum(["ok", "info", "fail"]),
  sequence: z.number().optional(),
  error: z.string().optional(),
  milliseconds: z.number(),
});
export type Answer = z.infer<typeof Answer>;

export const Told = z.discriminatedUnion("is", [
  z.object({ is: z.literal("ready"), port: z.number().optional() }),
  Answer,
  Arrival,
]);
export type Told = z.infer<typeof Told>;

/** Tells the harness; nobody is left to hear it when the harness is gone. */
export function tell(told: z.input<typeof Told>): void {
  if (process.connected) process.send?.(told, undefined, {}, () => undefined);
}
