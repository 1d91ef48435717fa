import { z } from "zod";
import { defineTool } from "../../core/define-tool.ts";
import type { Clock } from "../../core/environment.ts";
import type { Tool } from "../../core/tool.ts";
import type { Complaints } from "./complaints.ts";
import german from "./language/de.json" with { type: "json" };
import english from "./language/en.json" with { type: "json" };

interface Options {
  readonly bot: string;
  readonly complaints: Pick<Complaints, "record">;
  readonly clock: Clock;
}

/** Makes the tool that records a complaint in the person's own words and tells its number. */
export function recordComplaint({ bot, complaints, clock }: Options): Tool {
  return defineTool({
    name: "record_complaint",
    description:
      "Records a complaint about the service and gives its number, which the person must be told. Call it when the person wants " +
      "to complain and said what about; ask for that first where they did not. It promises no answer and no compensation.",
    input: z.strictObject({
      words: z.string().trim().min(1).max(4_000).describe("what the person complains about, in their own words"),
    }),
    slots: { words: { entity: "message" } },
    language: { en: english, de: german },
    risk: "low",
    confirmation: "never",
    scopes: ["public"],
    depends: "user",
    execute: async ({ words }, { person, conversation, idempotencyKey: key }) => {
      const at = new Date(clock()).toISOString();
      const { number } = await complaints.record({ bot, key, at, person, conversation, words });
      return { value: { number, at } };
    },
  });
}
