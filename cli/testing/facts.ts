/** What a turn did, as facts that a check can look at without reading between the words. */
import { replyMarkdown } from "../../core/delivery/index.ts";
import type { MemoryFact, ModelUsage } from "../../core/crew.ts";
import { parseMarkdown, toPlainText } from "../../core/markdown/index.ts";
import type { Proposal, Reply } from "../../core/reply.ts";
import type { HandOver } from "../../core/store/store.ts";
import type { ListedAction } from "../../core/tool.ts";
import type { Trace, TraceStep } from "../../core/trace.ts";
import type { RecordedCall, RecordedExecution } from "./recorder.ts";

/** A call that waits for its requester, with what it was called with. */
export interface Proposed {
  readonly tool: string;
  readonly input: unknown;
  readonly proposal: Proposal;
}

/** One turn of a played conversation. */
export interface TurnFacts {
  readonly replies: readonly Reply[];
  /** Everything that the person could read, without markup. */
  readonly text: string;
  readonly calls: readonly RecordedCall[];
  /** What this turn put forward and still waits after it. */
  readonly proposed: readonly Proposed[];
  readonly executed: readonly (RecordedExecution & { readonly proposed?: Proposed })[];
  /** What waits after the turn. */
  readonly waiting: readonly ListedAction[];
  /** What was taken back or cancelled in this turn. */
  readonly cancelled: readonly ListedAction[];
  /** Why and since when people have the conversation after the turn; undefined: the bot has it. */
  readonly handOver: HandOver | undefined;
  readonly memory: { readonly before: readonly MemoryFact[]; readonly after: readonly MemoryFact[] };
  readonly trace: Trace | undefined;
  readonly usages: readonly ModelUsage[];
  /** From handing the words in to having the last reply. */
  readonly milliseconds: number;
  /** The turns before it. */
  readonly before: readonly TurnFacts[];
}

/** The replies as their reader sees them where there are no buttons: one text, typographic variants made alike. */
export function visibleText(replies: readonly Reply[]): string {
  return alike(replies.map((reply) => toPlainText(parseMarkdown(replyMarkdown(reply)), { urls: false })).join("\n\n"));
}

/** Spaces, quotation marks and dashes of every kind as the plain ones. */
export function alike(text: string): string {
  return text
    .replaceAll(/[\u00A0\u202F\u2009]/gu, " ")
    .replaceAll(/[“”„»«]/gu, '"')
    .replaceAll(/[‘’‚]/gu, "'")
    .replaceAll(/[‐‑–—−]/gu, "-");
}

/** The steps that say what the reply does. */
export function actsOf({ trace }: Pick<TurnFacts, "trace">): readonly Pick<TraceStep, "act" | "missing">[] {
  return (trace?.steps ?? []).filter(({ act }) => act !== undefined);
}

/** Names under which the documents that the replies rest on are known: their ids, titles, and the last parts of addresses. */
export function citedNames({ replies, trace }: Pick<TurnFacts, "replies" | "trace">): readonly string[] {
  const found = (trace?.steps ?? []).filter(({ kind, outcome }) => kind === "document" && outcome === "found");
  return replies.flatMap(({ sources }) =>
    sources.flatMap(({ title, url }) => [
      title,
      ...(url === undefined
        ? []
        : [
            url
              .replace(/[?#].*$/u, "")
              .split("/")
              .at(-1) ?? "",
          ]),
      ...found.filter(({ detail = "" }) => detail === title || detail.startsWith(`${title}, `)).map(({ name }) => name),
    ]),
  );
}

/** What came, in one line, for whoever looks at a failure. */
export function inShort({ text, calls, proposed, executed, ...turn }: TurnFacts): string {
  const made = calls.map(({ tool, input, outcome }) => {
    const code = "code" in outcome ? ` ${outcome.code}` : "";
    return `${tool}(${JSON.stringify(input)}) ${outcome.status}${code}`;
  });
  const acts = actsOf(turn).map(({ act, missing }) => [act, missing].filter(Boolean).join(" "));
  const parts = [
    ...made,
    ...proposed.map(({ proposal }) => `waits: ${proposal.summary}`),
    ...executed.map(({ tool }) => `executed: ${tool}`),
    ...acts,
    JSON.stringify(text.replaceAll(/\s+/gu, " ").slice(0, 240)),
  ];
  return parts.join(" | ");
}
