/** The specialists of a crew at work on one turn: who is chosen, what each may see and call, and what it has spent. */
import type { CrewTurn, ModelUsage } from "../../core/crew.ts";
import type { ToolOutcome } from "../../core/tool.ts";
import type { CrewState, Desk, Intention, Roles, WantedCall } from "../roles/contract.ts";
import { type NamedTool, owns, type Specialist } from "./specialist.ts";

/** More in one message would take longer than anybody waits. */
export const MOST_CHOSEN = 3;

export interface Work {
  readonly desk: Desk;
  readonly roles: Roles;
}

export interface Team {
  /** The specialists that an intention names, in their order. */
  readonly chosen: (intention: Intention) => readonly string[];
  /** How tool calls are chosen now: with the tools, instructions and model of the specialist whose turn it is. */
  readonly selecting: (state: CrewState) => Promise<Work>;
  /**
   * How the answer is written: with the instructions of all who worked, by the model of the first. Where none was named,
   * those count whose tools were called.
   */
  readonly answering: (state: CrewState) => Promise<Work>;
  /** Whether the specialist whose turn it is has no tool to ask for, or may ask its model no more. */
  readonly isDone: (state: CrewState, desk: Desk) => boolean;
  /** {@link refusalOf} */
  readonly refusal: (call: WantedCall) => ToolOutcome | undefined;
}

interface TeamOptions extends Work {
  readonly specialists: readonly Specialist[];
  /** The roles on the specialist's own model; those of the crew where it has none. */
  readonly rolesOf: (specialist: Specialist) => Promise<Roles>;
}

/** A crew without specialists works with all of its tools. */
export function createTeam({ specialists, desk, roles, rolesOf }: TeamOptions): Team {
  const spent = new Map<string, { requests: number; tokens: number }>();
  const find = (name: string | undefined): Specialist | undefined => specialists.find((one) => one.name === name);
  const known = (names: readonly string[]): readonly string[] =>
    [...new Set(names)].filter((name) => find(name)).slice(0, MOST_CHOSEN);
  const all = desk.turn.tools.tools;
  const ownersOf = (made: CrewState["made"]): readonly string[] =>
    made.flatMap(({ tool }) => specialists.find((one) => owns(one, toolOf(tool, all), specialists))?.name ?? []);
  return {
    chosen: ({ specialists: named = [] }) => known(named),
    selecting: async ({ atWork }) => {
      const specialist = find(atWork[0]);
      if (specialist === undefined) return { desk, roles };
      const { specialists: _chosenAlready, turn, ...shared } = desk;
      const tools = turn.tools.tools.filter((tool) => owns(specialist, tool, specialists));
      const own: CrewTurn = { ...turn, tools: { ...turn.tools, tools }, usage: metered(turn, specialist.name, spent) };
      return { desk: { ...shared, turn: own, brief: specialist.prompt }, roles: await rolesOf(specialist) };
    },
    answering: async ({ intention, made }) => {
      const worked = known(intention?.specialists ?? ownersOf(made)).flatMap((name) => find(name) ?? []);
      const [first] = worked;
      if (first === undefined) return { desk, roles };
      const brief = worked.map(({ prompt }) => prompt).join("\n");
      return { desk: { ...desk, brief }, roles: await rolesOf(first) };
    },
    isDone: ({ atWork: [name = ""] }, { turn }) => {
      const specialist = find(name);
      if (specialist === undefined) return false;
      if (turn.tools.tools.length === 0) return true;
      const { requests = Infinity, tokens = Infinity } = specialist.budget;
      const used = spent.get(name);
      return used !== undefined && (used.requests >= requests || used.tokens >= tokens);
    },
    refusal: (call) => refusalOf(call, specialists, all),
  };
}

/**
 * Why a call is not made: the specialist that wants it does not list its tool, or, where it was chosen by the tool itself,
 * nobody does. Undefined where it may be made.
 */
export function refusalOf(
  { tool, by }: Pick<WantedCall, "tool" | "by">,
  specialists: readonly Specialist[],
  tools: readonly NamedTool[],
): ToolOutcome | undefined {
  const asking = by === undefined ? specialists : specialists.filter(({ name }) => name === by);
  if (specialists.length === 0 || asking.some((one) => owns(one, toolOf(tool, tools), specialists))) return undefined;
  const message = `${tool} is no tool of ${by === undefined ? "any specialist" : `the specialist ${by}`}.`;
  return { status: "refused", code: "crew/not-its-tool", message };
}

/** What is known of a tool; of one that there is not, its name. */
function toolOf(name: string, tools: readonly NamedTool[]): NamedTool {
  return tools.find((tool) => tool.name === name) ?? { name };
}

function metered(
  turn: CrewTurn,
  name: string,
  spent: Map<string, { requests: number; tokens: number }>,
): CrewTurn["usage"] {
  return (usage: ModelUsage) => {
    const { requests, tokens } = spent.get(name) ?? { requests: 0, tokens: 0 };
    spent.set(name, { requests: requests + 1, tokens: tokens + usage.inputTokens + usage.outputTokens });
    turn.usage(usage);
  };
}
