/** Calls that a model makes to the crew itself: what to remember, and that further calls follow. They reach no tool. */
import { ToolMessage } from "@langchain/core/messages";
import { z } from "zod";
import { isForbiddenFact } from "../../core/conversation/memory-secrets.ts";
import { ownWords } from "../../core/language/segments.ts";
import { permittedFacts } from "../../core/turn/permitted-facts.ts";
import type { WholeAnswer } from "../models/ask-model.ts";
import type { CrewState, Desk, Fact } from "../roles/contract.ts";

type Call = WholeAnswer["calls"][number];

const Key = z.string().min(1).max(100).describe("a short lower-case name of the fact");
const inputs = {
  remember_fact: z.strictObject({
    key: Key,
    value: z.string().min(1).max(1_000).describe("in the person's own words"),
  }),
  forget_fact: z.strictObject({ key: Key }),
  continue_after_results: z.strictObject({}),
  hand_to_specialist: z.object({ specialist: z.string() }),
};
type Name = keyof typeof inputs;

const descriptions: Readonly<Record<Name, string>> = {
  remember_fact: "Remembers a fact that the person asked to remember or told of themselves in the latest message.",
  forget_fact: "Forgets a remembered fact that the person asked to forget in the latest message, by its key.",
  continue_after_results: "Says that a further tool call will need the results of the calls made beside this one.",
  hand_to_specialist:
    "Hands the message to a specialist, who calls tools in several steps and whose instructions the answer follows. Call it where one of these is meant; several times, in their order, only where the message asks for several things.",
};

/** The crew's own calls as a model sees them. */
const ownCalls: readonly {
  readonly name: Name;
  readonly description: string;
  readonly inputSchema: Readonly<Record<string, unknown>>;
}[] = (["remember_fact", "forget_fact", "continue_after_results"] as const).map((name) => ({
  name,
  description: descriptions[name],
  inputSchema: z.toJSONSchema(inputs[name]),
}));

/** The same with whom the message may be handed to. */
export function ownCallsWith(specialists: Desk["specialists"] = []): typeof ownCalls {
  const [first, ...others] = specialists.map(({ name }) => name);
  if (first === undefined) return ownCalls;
  const name = "hand_to_specialist";
  const whom = specialists.map((one) => `- ${one.name}: ${one.description}`).join("\n");
  const inputSchema = z.toJSONSchema(z.strictObject({ specialist: z.enum([first, ...others]) }));
  return [...ownCalls, { name, description: `${descriptions[name]}\n${whom}`, inputSchema }];
}

/** The specialists that are named by these calls. */
export function handedTo(calls: readonly Call[]): readonly string[] {
  return calls.flatMap(({ name, args }) =>
    name === "hand_to_specialist" ? (inputs.hand_to_specialist.safeParse(args).data?.specialist ?? []) : [],
  );
}

export function isOwnCall({ name }: Pick<Call, "name">): boolean {
  return Object.hasOwn(inputs, name);
}

/** What became of a model's wish to remember or forget. */
export interface MemoryOutcome extends Fact {
  readonly isDone: boolean;
}

/**
 * Decides by code what of it is done: only what the person's own words of this turn stand for, and no secrets. The turn
 * writes it, scoped to this person and place.
 */
export function memoryOutcomes(
  calls: readonly Call[],
  { words }: Pick<CrewState, "words">,
  { memory }: Desk["input"],
): readonly MemoryOutcome[] {
  return calls.flatMap((call): readonly MemoryOutcome[] => {
    const fact = factOf(call);
    if (fact === undefined) return [];
    const isDone = !isForbiddenFact(fact) && permittedFacts([fact], { texts: words.map(ownWords), memory }).length > 0;
    return [{ ...fact, isDone }];
  });
}

function factOf({ name, args }: Call): Fact | undefined {
  if (name === "remember_fact") return inputs.remember_fact.safeParse(args).data;
  const forgotten = name === "forget_fact" ? inputs.forget_fact.safeParse(args).data : undefined;
  return forgotten && { ...forgotten, value: "" };
}

/** The answers to a model's own calls, which it expects like those of tools. */
export function ownResults(calls: readonly Call[], outcomes: readonly MemoryOutcome[]): readonly ToolMessage[] {
  return calls.filter(isOwnCall).map((call) => {
    const fact = factOf(call);
    const outcome = outcomes.find(({ key, value }) => key === fact?.key && value === fact.value);
    const refused = fact !== undefined && outcome?.isDone !== true;
    const content = refused ? "refused: the person did not ask for it in their own words, or it is a secret" : "done";
    return new ToolMessage({ tool_call_id: call.id ?? "", name: call.name, content });
  });
}
