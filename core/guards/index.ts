/** The gates before every turn, in the one order in which they decide. */
import { access } from "./access.ts";
import { botLoop } from "./bot-loop.ts";
import { content } from "./content.ts";
import { control } from "./control.ts";
import type { Guard } from "./guard.ts";
import { mention } from "./mention.ts";
import { rateLimit } from "./rate-limit.ts";

export type { Guard, Stop } from "./guard.ts";

/** Whether the message is for the bot at all. */
export const doors: readonly Guard[] = [botLoop, access, mention];
/** Whether it may be answered now, by what the store knows. */
export const limits: readonly Guard[] = [control, rateLimit, content];
