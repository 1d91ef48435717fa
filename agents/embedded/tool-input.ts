import { z } from "zod";
import type { DescribedTool } from "../../core/tool.ts";
import type { Desk, WantedCall } from "../roles/contract.ts";

const Properties = z.looseObject({ properties: z.record(z.string(), z.unknown()).default({}) });

/** The tool with this name, if the bot has it. */
export function findTool(name: string, { turn }: Pick<Desk, "turn">): DescribedTool | undefined {
  return turn.tools.tools.find((tool) => tool.name === name);
}

/** Whether a tool finds passages of documents. */
export const isSearch = ({ purpose }: Pick<DescribedTool, "purpose">): boolean => purpose === "documents";

/** The input without fields that the tool does not know: a search of the bot's own may take others. */
export function acceptedBy({ tool, input }: WantedCall, desk: Pick<Desk, "turn">): Readonly<Record<string, unknown>> {
  const known = Properties.safeParse(findTool(tool, desk)?.inputSchema).data?.properties ?? {};
  const fields = typeof input === "object" && input !== null ? Object.entries(input) : [];
  return Object.fromEntries(fields.filter(([name, value]) => name in known && value !== undefined));
}
