import { z } from "zod";
import { routeOfIntent, type Route } from "../offline/index.ts";
import { intentAnalyzerPrompt } from "../prompts/intent-analyzer.ts";
import type { CrewState, Desk, Intention } from "../roles/contract.ts";
import { requestOf } from "../roles/contract.ts";
import { historyMessages, requestMessage, systemMessage } from "./envelope.ts";
import { callModel } from "./model-call.ts";
import type { ModelRolesOptions } from "./model-roles-options.ts";

const ROUTES = [
  "action",
  "account",
  "information",
  "recommendation",
  "dialogue",
  "memory",
  "outOfScope",
] as const satisfies readonly Route[];

const Reading = z.object({
  intent: z.string(),
  route: z.enum(ROUTES),
  confidence: z.enum(["high", "medium", "low"]),
  request: z.string(),
  usesEarlier: z.boolean(),
  needsTools: z.boolean(),
  language: z.string(),
  remember: z.array(z.object({ key: z.string(), value: z.string() })),
});

const confidences = { high: 0.95, medium: 0.75, low: 0.4 } as const;

/** Labels are names of intents, never what somebody wrote. */
const LABEL = /^[a-zA-Z][a-zA-Z0-9]{0,39}$/u;

/** The fast model says what the person wants. */
export async function analyzeWithModel(state: CrewState, desk: Desk, options: ModelRolesOptions): Promise<Intention> {
  const { models, breaker } = options;
  const { input, turn } = desk;
  const messages = [
    systemMessage(intentAnalyzerPrompt(input, turn.tools.tools), models.marksCache),
    ...historyMessages(input.history),
    requestMessage(state, desk),
  ];
  const { value } = await callModel(
    { desk, breaker, role: "intent-analyzer", model: models.fast.name },
    async () => await models.ask({ messages, schema: Reading, signal: turn.signal }),
  );
  return {
    intent: LABEL.test(value.intent) ? value.intent : "other",
    route: value.route,
    confidence: confidences[value.confidence],
    request: value.request,
    needsTools: value.needsTools && turn.tools.tools.length > 0,
    personal: value.usesEarlier || isPersonal(desk),
    remember: value.remember,
    language: value.language,
  };
}

/** A single agent reads the message itself. */
export function intentionOfSingleAgent(desk: Desk): Intention {
  return {
    intent: "unread",
    route: routeOfIntent.help,
    confidence: 0.9,
    request: requestOf({ words: [desk.input.text] }),
    needsTools: true,
    personal: isPersonal(desk),
    remember: [],
  };
}

/** What a prompt holds may colour the answer, so an answer to such a prompt is for this person alone. */
function isPersonal({ input }: Desk): boolean {
  return (
    input.history.length > 0 ||
    input.memory.length > 0 ||
    input.userName !== undefined ||
    input.attachments.length > 0 ||
    input.referred.length > 0
  );
}
