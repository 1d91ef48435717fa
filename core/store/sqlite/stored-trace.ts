/**
 * Traces at rest. Most of a trace is the same in each: names of fields, times that differ by milliseconds, guards that
 * let the message pass. Written short, a trace takes a third of its JSON.
 */
import { z } from "zod";
import type { ConversationId } from "../../conversation-id.ts";
import { JsonObject } from "../../json.ts";
import { Trace, TraceStep } from "../../trace.ts";

/** ms since the start, kind, name, outcome; then what a step may have: detail, milliseconds, data (null: none). */
const StoredStep = z.tuple([z.number(), TraceStep.shape.kind, z.string(), z.string()], z.unknown());
const Rest = z.tuple([
  z.string().nullable().default(null),
  z.number().nullable().default(null),
  JsonObject.nullable().default(null),
]);

export const StoredTrace = z.object({
  /** The bot. */
  b: z.string(),
  /** The outcome. */
  o: Trace.shape.outcome,
  /** Events besides the first, which is the trace's id. */
  e: z.array(z.string()),
  /** Platform message ids. */
  m: z.array(z.string()),
  /** Finished: ms since the start. */
  f: z.number().exactOptional(),
  s: z.array(StoredStep),
});
export type StoredTrace = z.infer<typeof StoredTrace>;

/** Shortens a trace. Its id, conversation and start are columns of their own. */
export function toStored(trace: Trace): StoredTrace {
  const start = Date.parse(trace.startedAt);
  return {
    b: trace.bot,
    o: trace.outcome,
    e: trace.eventIds.filter((id) => id !== trace.id),
    m: trace.messageIds,
    ...(trace.finishedAt === undefined ? {} : { f: Date.parse(trace.finishedAt) - start }),
    s: trace.steps.map(({ at, kind, name, outcome, detail = null, milliseconds = null, data = null }) => {
      const rest = [detail, milliseconds, data];
      const last = rest.findLastIndex((value) => value !== null);
      return [Date.parse(at) - start, kind, name, outcome, ...rest.slice(0, last + 1)];
    }),
  };
}

/** The trace as everybody else knows it. */
export function fromStored(
  row: { readonly id: string; readonly conversation: ConversationId; readonly startedAt: string },
  body: StoredTrace,
): Trace {
  const start = Date.parse(row.startedAt);
  const timeAfter = (milliseconds: number): string => new Date(start + milliseconds).toISOString();
  return {
    version: 1,
    id: row.id,
    conversation: row.conversation,
    bot: body.b,
    eventIds: [row.id, ...body.e],
    messageIds: body.m,
    startedAt: row.startedAt,
    ...(body.f === undefined ? {} : { finishedAt: timeAfter(body.f) }),
    outcome: body.o,
    steps: body.s.map(([after, kind, name, outcome, ...rest]) => {
      const [detail, milliseconds, data] = Rest.parse(rest);
      return {
        at: timeAfter(after),
        kind,
        name,
        outcome,
        ...(detail === null ? {} : { detail }),
        ...(milliseconds === null ? {} : { milliseconds }),
        ...(data === null ? {} : { data }),
      };
    }),
  };
}
