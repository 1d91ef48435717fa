import { CommonOptions } from "../../options.ts";
import { z } from "zod";

/** What every command of the group knows. */
export const RecommenderOptions = CommonOptions.extend({ bot: z.string().optional() });

export const BOT = ["--bot <id>", "the bot, where several recommend"] as const;
export const JSON_OUTPUT = ["--json", "prints the result as JSON"] as const;
