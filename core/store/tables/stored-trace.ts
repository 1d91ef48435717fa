/**
 * Traces at rest. Most of a trace is the same in each: names of fields, times that differ by milliseconds, guards that
 * let the message pass. Written short, a trace takes a quarter of its JSON.
 */
import { z } from "zod";
import { ConversationId } from "../../conversation-id.ts";
import { JsonObject } from "../../json.ts";
import { ReplyAct, Trace, TraceStep } from "../../trace.ts";
import { jsonText } from "../rows.ts";
import { shortWord, wholeWord } from "./trace-words.ts";

const Word = z.union([z.string(), z.number()]).transform((stored, context) => {
  const word = wholeWord(stored);
  if (word === undefined) context.addIssue({ code: "custom", message: "a word of a newer version" });
  return word ?? z.NEVER;
});
/**
 * ms since the start, kind, name, outcome; then what a step may have, told apart by their types: detail, milliseconds,
 * data, and what the reply does with what it asks for. Several names are so many steps that differ in nothing else.
 */
const Step = z.tuple(
  [z.number(), Word.pipe(TraceStep.shape.kind), z.union([Word, z.array(Word)]), Word],
  z.union([z.string(), z.number(), z.null(), z.tuple([ReplyAct], z.string()), JsonObject]),
);
type StoredStep = z.input<typeof Step>;

const Body = z.object({
  /** When it started, in ms since the epoch. */
  t: z.number(),
  /** The bot. */
  b: z.string(),
  /** The outcome. */
  o: Trace.shape.outcome,
  /** Events besides the first, which is the trace's id. */
  e: z.array(z.string()).default([]),
  /** Platform message ids. */
  m: z.array(z.string()).default([]),
  /** Finished: ms since the start. */
  f: z.number().exactOptional(),
  s: z.array(Step),
});

const StoredTrace = jsonText(Body);

/** A row that has a trace. */
export const TraceRow = z
  .object({ eventId: z.string(), conversation: ConversationId, trace: StoredTrace })
  .transform(fromStoredTrace);

/** The columns of a trace. */
export function toStoredTrace(trace: Trace) {
  const { id, conversation, bot, outcome, messageIds, finishedAt } = trace;
  const start = Date.parse(trace.startedAt);
  const others = trace.eventIds.filter((eventId) => eventId !== id);
  const body: z.input<typeof Body> = {
    t: start,
    b: bot,
    o: outcome,
    ...(others.length === 0 ? {} : { e: others }),
    ...(messageIds.length === 0 ? {} : { m: messageIds }),
    ...(finishedAt === undefined ? {} : { f: Date.parse(finishedAt) - start }),
    s: storedSteps(trace.steps, start),
  };
  return { eventId: id, conversation, at: start, trace: JSON.stringify(body) };
}

function storedSteps(steps: readonly TraceStep[], start: number): StoredStep[] {
  const stored: StoredStep[] = [];
  let [at, after] = ["", 0];
  for (const step of steps) {
    // Most steps come in the same millisecond as the one before.
    if (step.at !== at) [at, after] = [step.at, Date.parse(step.at) - start];
    const [kind, name, outcome] = [shortWord(step.kind), shortWord(step.name), shortWord(step.outcome)];
    const rest: StoredStep[4][] = [];
    for (const fact of [step.detail, step.milliseconds, step.data, storedAct(step)])
      if (fact !== undefined) rest.push(fact);
    const last = stored.at(-1);
    const isAlike = last?.length === 4 && last[0] === after && last[1] === kind && last[3] === outcome;
    if (isAlike && rest.length === 0) stored[stored.length - 1] = [after, kind, [last[2], name].flat(), outcome];
    else stored.push([after, kind, name, outcome, ...rest]);
  }
  return stored;
}

function fromStoredTrace(row: {
  readonly eventId: string;
  readonly conversation: ConversationId;
  readonly trace: z.infer<typeof Body>;
}): Trace {
  const { t, b, o, e, m, f, s } = row.trace;
  const timeAfter = (milliseconds: number): string => new Date(t + milliseconds).toISOString();
  return {
    version: 1,
    id: row.eventId,
    conversation: row.conversation,
    bot: b,
    eventIds: [row.eventId, ...e],
    messageIds: m,
    startedAt: timeAfter(0),
    ...(f === undefined ? {} : { finishedAt: timeAfter(f) }),
    outcome: o,
    steps: s.flatMap(([after, kind, names, outcome, ...rest]) => {
      const facts = rest.reduce<StepFacts>((known, fact) => ({ ...known, ...factOf(fact) }), {});
      return [names].flat().map((name) => ({ at: timeAfter(after), kind, name, outcome, ...facts }));
    }),
  };
}

type StepFacts = Pick<TraceStep, "detail" | "milliseconds" | "data" | "act" | "missing">;

function factOf(fact: z.output<typeof Step>[4]): StepFacts {
  // Earlier versions wrote what is not there as null.
  if (fact === null) return {};
  if (typeof fact === "string") return { detail: fact };
  if (typeof fact === "number") return { milliseconds: fact };
  if (!isAct(fact)) return { data: fact };
  const [act, missing] = fact;
  return { act, ...(missing !== undefined && { missing }) };
}

type StoredAct = [ReplyAct, ...string[]];

function storedAct({ act, missing }: TraceStep): StoredAct | undefined {
  return act && [act, ...(missing === undefined ? [] : [missing])];
}

/** An object at rest is no array. */
function isAct(fact: JsonObject | StoredAct): fact is StoredAct {
  return Array.isArray(fact);
}

/** By what the trace is found besides its id. */
export function referencesOfTrace({ id, eventIds, messageIds }: Trace): readonly string[] {
  return [...eventIds, ...messageIds].filter((reference) => reference !== id);
}

/** The same of a column, with the start: all that the retention job has to know. */
export const TraceMarks = jsonText(
  Body.pick({ t: true, e: true, m: true }).transform(({ t, e, m }) => ({ startedAt: t, references: [...e, ...m] })),
);
