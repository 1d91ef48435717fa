/** The gates before every turn, in the one order in which they are asked. */
import { access } from "./access.ts";
import { botLoop } from "./bot-loop.ts";
import { budget } from "./budget.ts";
import { content } from "./content.ts";
import { control } from "./control.ts";
import type { Guard } from "./guard.ts";
import { mention } from "./mention.ts";
import { rateLimit } from "./rate-limit.ts";

export type { Stop } from "./guard.ts";

export const guards: readonly Guard[] = [botLoop, access, mention, control, rateLimit, budget, content];
