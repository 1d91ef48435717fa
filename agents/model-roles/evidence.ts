/** The numbered sources of a turn: what a model may cite, and what its citations are checked against. */
import { z } from "zod";
import type { Source } from "../../core/reply.ts";
import type { ToolOutcome } from "../../core/tool.ts";
import type { MadeCall } from "../roles/contract.ts";

export interface NumberedSource {
  /** From 1, over all calls of the turn. */
  readonly number: number;
  readonly source: Source;
  /** Everything that the source says, as far as a tool gave it. */
  readonly text: string;
}

const Passages = z.looseObject({
  passages: z.array(z.looseObject({ quote: z.string().optional(), text: z.string().optional() })),
});

/** All sources that the calls gave, in order; the same passage keeps one number. */
export function numberSources(made: readonly MadeCall[]): readonly NumberedSource[] {
  const numbered: NumberedSource[] = [];
  for (const { outcome } of made) {
    if (outcome.status !== "done") continue;
    const passages = Passages.safeParse(outcome.result.value).data?.passages ?? [];
    for (const source of outcome.result.sources ?? []) {
      if (numbered.some((known) => sameSource(known.source, source))) continue;
      const whole = passages.find(({ quote }) => quote === source.quote)?.text ?? "";
      numbered.push({
        number: numbered.length + 1,
        source,
        text: `${source.title}\n${source.location}\n${source.quote}\n${whole}`,
      });
    }
  }
  return numbered;
}

/** What a tool gave, as text. */
export function valueText(outcome: ToolOutcome): string {
  return outcome.status === "done" ? JSON.stringify([outcome.result.value, outcome.result.cards ?? []]) : "";
}

/** The number of a source among the numbered ones. */
export function numberOf(source: Source, numbered: readonly NumberedSource[]): number | undefined {
  return numbered.find((known) => sameSource(known.source, source))?.number;
}

function sameSource(left: Source, right: Source): boolean {
  return left.title === right.title && left.location === right.location && left.quote === right.quote;
}
