/** What `crew({ … })` accepts. */
import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { z } from "zod";
import { Secret, SecretReference } from "../core/config/secret.ts";
import { InvalidInputError } from "../core/errors.ts";

const milliseconds = z.number().int().positive();
const effort = z.enum(["low", "medium", "high", "xhigh", "max"]);

/** Claude, as an admin configures it. */
export const ClaudeCrewOptions = z.strictObject({
  /** By reference: `env("NAME")` or `file("path")`. @default env("ANTHROPIC_API_KEY") */
  apiKey: z.union([z.instanceof(SecretReference), z.instanceof(Secret)]).optional(),
  baseUrl: z.url({ protocol: /^https?$/ }).optional(),
  /** Writes the answers. @default "claude-sonnet-5-5" */
  answersModel: z.string().min(1).optional(),
  /** Reads intents and chooses tools. @default "claude-haiku-5-5" */
  fastModel: z.string().min(1).optional(),
  /** Longest answer in tokens, thinking included. @default 16000 */
  maxTokens: z.number().int().min(1).max(128_000).optional(),
  /** How much work goes into an answer. @default "medium" */
  effort: effort.optional(),
  /** A connection that sends nothing for so long is closed. @default 15000 */
  idleTimeoutMs: milliseconds.optional(),
  /** One answer in all, repeated attempts included; keep it below `limits.turnTimeoutMs`. */
  deadlineMs: milliseconds.default(40_000),
  /** Without it, a failing provider is answered by an apology instead of the offline brain. */
  offlineFallback: z.boolean().default(true),
});
export type ClaudeCrewOptions = z.output<typeof ClaudeCrewOptions>;

export interface CrewOptions {
  /**
   * `auto`: Claude when `ANTHROPIC_API_KEY` is set when the bot is opened, else the embedded brain. `offline`: the
   * embedded brain, which needs no key and no network. Otherwise Claude with these settings, or any chat model of
   * LangChain that can call tools. @default "auto"
   */
  readonly model?: "auto" | "offline" | z.input<typeof ClaudeCrewOptions> | BaseChatModel;
  /** `single`: one agent with tools instead of four roles, as a baseline to measure against. @default "crew" */
  readonly roles?: "crew" | "single";
  /** Rounds of tool calls per turn at most. @default 4 */
  readonly maxToolRounds?: number;
  /** ISO 4217 code of amounts that name no currency. @default "EUR" */
  readonly currency?: string;
}

const Rest = z.strictObject({
  roles: z.enum(["crew", "single"]).default("crew"),
  maxToolRounds: z.number().int().min(1).max(20).default(4),
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/)
    .default("EUR"),
});

/** Options after validation. */
export interface CrewSettings extends z.output<typeof Rest> {
  readonly model:
    | { readonly kind: "auto" | "offline" }
    | { readonly kind: "claude"; readonly options: ClaudeCrewOptions }
    | { readonly kind: "custom"; readonly model: BaseChatModel };
}

/** Checks the options. Throws `InvalidInputError` (`crew/settings`) with one line per fault. */
export function readCrewOptions({ model = "auto", ...rest }: CrewOptions): CrewSettings {
  const settings = parse(Rest, rest, "");
  if (model === "auto" || model === "offline") return { ...settings, model: { kind: model } };
  if (isChatModel(model)) return { ...settings, model: { kind: "custom", model } };
  return { ...settings, model: { kind: "claude", options: parse(ClaudeCrewOptions, model, "model.") } };
}

/** A chat model is told by its methods: packages may bring their own copy of LangChain's classes. */
function isChatModel(value: unknown): value is BaseChatModel {
  return typeof value === "object" && value !== null && "invoke" in value && "stream" in value;
}

function parse<Schema extends z.ZodType>(schema: Schema, value: unknown, prefix: string): z.output<Schema> {
  const read = schema.safeParse(value);
  if (read.success) return read.data;
  const issues = read.error.issues.map(({ path, message }) => ({ path: prefix + path.join("."), message }));
  const faults = issues.map(({ path, message }) => `${path}: ${message}`).join("; ");
  throw new InvalidInputError("crew/settings", `The settings of crew({ … }) are wrong. ${faults}`, issues);
}
