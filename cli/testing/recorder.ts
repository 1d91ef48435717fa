/** Notes what a bot does in a turn: which tools its crew calls, what is carried out, what the models use. */
import type { CrewFactory, ToolPackFactory } from "../../core/bot.ts";
import { ParleyError } from "../../core/errors.ts";
import type { Crew, ModelUsage } from "../../core/crew.ts";
import type { Json } from "../../core/json.ts";
import type { Tool, ToolOutcome } from "../../core/tool.ts";
import { failurePhrase } from "../../core/turn/failure.ts";
import { phrasesFor } from "../../core/turn/phrases.ts";

/** A call as the crew made it. */
export interface RecordedCall {
  readonly tool: string;
  readonly input: unknown;
  readonly outcome: ToolOutcome;
}

/** A call with effects that was carried out: of a tool that asks for a confirmation, confirmed or plainly said. */
export interface RecordedExecution {
  readonly tool: string;
  readonly input: Json;
  readonly value: Json;
  /** The proposal that was confirmed; none where the person's words were plain enough. */
  readonly proposalId?: string;
}

export interface Recording {
  readonly calls: readonly RecordedCall[];
  readonly executions: readonly RecordedExecution[];
  readonly usages: readonly ModelUsage[];
}

export interface Recorder {
  /** The same crew, and its calls are noted. */
  readonly crew: (factory: CrewFactory) => CrewFactory;
  /** The same tools, and their executions are noted. */
  readonly pack: (factory: ToolPackFactory) => ToolPackFactory;
  /** Gives what was noted since it was last asked. */
  readonly take: () => Recording;
}

/** Whether the person is told of it, or the turn is tried again. */
function isAnswered(thrown: unknown): boolean {
  if (!(thrown instanceof ParleyError)) return false;
  return thrown.retryable || failurePhrase(thrown, phrasesFor("en")) !== undefined;
}

/** Makes the recorder of one bot. `onFailure` is told what its crew throws that is no answer to anybody: a bug, a script. */
export function createRecorder(onFailure: (thrown: unknown) => void): Recorder {
  let calls: RecordedCall[] = [];
  let executions: RecordedExecution[] = [];
  let usages: ModelUsage[] = [];
  const noting = (tool: Tool): Tool => ({
    ...tool,
    execute: async (input, context) => {
      const result = await tool.execute(input, context);
      if (tool.confirmation === "never") return result;
      const [, proposalId] = /^proposal:(.+)$/u.exec(context.idempotencyKey) ?? [];
      executions.push({ tool: tool.name, input, value: result.value, ...(proposalId && { proposalId }) });
      return result;
    },
  });
  const counting = (usage: ModelUsage): void => void usages.push(usage);
  const watched =
    (run: Crew["run"]): Crew["run"] =>
    async (input, turn) => {
      try {
        return await run(input, {
          ...turn,
          usage: (usage) => {
            counting(usage);
            turn.usage(usage);
          },
          tools: {
            ...turn.tools,
            call: async (name, rawInput, callId, purpose) => {
              const outcome = await turn.tools.call(name, rawInput, callId, purpose);
              calls.push({ tool: name, input: rawInput, outcome });
              return outcome;
            },
          },
        });
      } catch (thrown) {
        if (!turn.signal.aborted && !isAnswered(thrown)) onFailure(thrown);
        throw thrown;
      }
    };
  return {
    crew: (factory) => withRuns(factory, watched, counting),
    pack: (factory) => ({
      ...factory,
      open: async (context) => {
        const pack = await factory.open(context);
        return { ...pack, tools: pack.tools.map(noting) };
      },
    }),
    take: () => {
      const taken = { calls, executions, usages };
      [calls, executions, usages] = [[], [], []];
      return taken;
    },
  };
}

/** The same crew with other ways to run, whose summaries are counted. */
function withRuns(
  factory: CrewFactory,
  changed: (run: Crew["run"]) => Crew["run"],
  counting: (usage: ModelUsage) => void,
): CrewFactory {
  return {
    ...factory,
    open: async (context) => {
      const crew = await factory.open(context);
      const { summarize } = crew;
      return {
        run: changed(async (input, turn) => await crew.run(input, turn)),
        ...(crew.runWithoutModel && { runWithoutModel: changed(crew.runWithoutModel) }),
        ...(summarize && {
          summarize: async (older, turn) =>
            await summarize(older, {
              ...turn,
              usage: (usage) => {
                counting(usage);
                turn.usage(usage);
              },
            }),
        }),
        ...(crew.check && { check: crew.check }),
        close: async () => await crew.close(),
      };
    },
  };
}
