/** Specialists: agents of a crew that each have tools, instructions, a model and a budget of their own. */
import { z } from "zod";
import type { DescribedTool } from "../../core/tool.ts";

const Tools = z.union([
  z.array(z.string().regex(/^(?:purpose:)?[a-zA-Z0-9_*-]{1,64}$/u, "a tool's name, in which * stands for anything")),
  z.literal("others"),
]);

const Budget = z.strictObject({
  /** Requests to its model for tool calls, in one turn. */
  requests: z.number().int().min(1).max(50).optional(),
  /** Tokens of these, read and written, in one turn. */
  tokens: z.number().int().min(100).optional(),
});

/** What a specialist is, complete but for its model. */
export interface Specialist {
  readonly name: string;
  /** What it is for: the orchestrator chooses by it. */
  readonly description: string;
  /**
   * Names of tools, with `*` for anything, or `purpose:documents` for all that find passages of documents; `others`: those
   * that no other specialist names.
   */
  readonly tools: readonly string[] | "others";
  /** Instructions of its own, added to those of the crew. */
  readonly prompt: string;
  readonly budget: z.output<typeof Budget>;
}

type Preset = Omit<Specialist, "name">;

/** Specialists that are ready: an entry with such a name takes from here what it leaves out. */
const presets: Readonly<Record<string, Preset>> = {
  knowledge: {
    description: "questions that the documents answer: rules, prices, procedures, how something works",
    tools: ["purpose:documents"],
    prompt: "Answer from the documents and cite them. What they do not say is not known: say so.",
    budget: {},
  },
  actions: {
    description: "the person's own data, and everything that is done or changed for them",
    tools: "others",
    prompt: "Look up what an action needs before you prepare it, as far as the tools allow. Never guess a value.",
    budget: {},
  },
  recommendations: {
    description: "what suits the person: recommending, explaining and comparing offers",
    tools: ["recommend_*", "explain_*", "compare_*"],
    prompt:
      "Recommend only what the tools gave, with their reasons and risks, and ask for what would change the choice.",
    budget: {},
  },
  research: {
    description:
      "questions that need several sources: a report, an overview, a comparison of what documents and services say",
    tools: ["purpose:documents", "*__*"],
    prompt:
      "Search several times with different words, each part of the question on its own and independent searches together, before you are done. The answer is a short report: the finding first, then the points with a citation each, then what the sources disagree on or leave open.",
    budget: { requests: 6 },
  },
  dataAnalysis: {
    description: "questions about a table that the person sent or that a tool gave: sums, trends, comparisons, charts",
    tools: ["purpose:tables"],
    prompt:
      "Every figure comes from a program's result. Look at the columns first where you do not know them. When a program fails, mend it and run it again. Show the figures in a table, and a chart where a comparison or a course over time is asked about.",
    budget: { requests: 5 },
  },
  coding: {
    description: "programming: explaining, writing, mending and running code",
    tools: ["purpose:programs"],
    prompt:
      "Run JavaScript before you say what it gives, and say that you ran it; say of other languages that you did not run them. Put code into fences with its language. Explain briefly, in steps.",
    budget: { requests: 5 },
  },
  smallTalk: {
    description: "greeting, thanks, goodbye, feelings, questions about the assistant itself",
    tools: [],
    prompt: "Be brief and warm. Do not invent a life of your own.",
    budget: {},
  },
};

/** What an admin writes of a specialist, besides its model. */
export const specialistFields = {
  description: z.string().min(1).max(500).optional(),
  tools: Tools.optional(),
  prompt: z.string().max(8_000).optional(),
  budget: Budget.optional(),
};

/** A specialist's name: a label in prompts and traces. */
export const SpecialistName = z
  .string()
  .regex(/^[a-zA-Z][a-zA-Z0-9]{0,29}$/u, "letters and digits such as dataAnalysis");

const Complete: z.ZodType<Specialist> = z.object({
  name: z.string(),
  description: z.string(),
  tools: Tools,
  prompt: z.string(),
  budget: Budget,
});

interface Written {
  readonly description?: string | undefined;
  readonly tools?: Specialist["tools"] | undefined;
  readonly prompt?: string | undefined;
  readonly budget?: Specialist["budget"] | undefined;
}

/** The specialist that an entry describes, with its preset; undefined where neither says what it is for and may call. */
export function specialistOf(name: string, written: Written): Specialist | undefined {
  const set = Object.fromEntries(Object.entries(written).filter(([, value]) => value !== undefined));
  return Complete.safeParse({ prompt: "", budget: {}, ...presets[name], ...set, name }).data;
}

/** What a specialist is chosen by of a tool. */
export type NamedTool = Pick<DescribedTool, "name" | "purpose">;

const PURPOSE = "purpose:";

/** Whether a specialist may call a tool. */
export function owns(specialist: Specialist, tool: NamedTool, all: readonly Specialist[]): boolean {
  if (specialist.tools !== "others") return specialist.tools.some((pattern) => matches(pattern, tool));
  return !all.some((other) => other.tools !== "others" && owns(other, tool, all));
}

function matches(pattern: string, { name, purpose }: NamedTool): boolean {
  if (pattern.startsWith(PURPOSE)) return purpose === pattern.slice(PURPOSE.length);
  if (!pattern.includes("*")) return pattern === name;
  return new RegExp(`^${pattern.replaceAll("-", String.raw`\-`).replaceAll("*", ".*")}$`, "u").test(name);
}

/** Names that a specialist lists and no tool has; patterns may match nothing. */
export function unknownTools({ tools }: Specialist, known: readonly NamedTool[]): readonly string[] {
  if (tools === "others") return [];
  return tools.filter((pattern) => !pattern.includes("*") && !known.some((tool) => matches(pattern, tool)));
}
