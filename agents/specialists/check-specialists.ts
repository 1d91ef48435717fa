import type { Check } from "../../core/check.ts";
import { type NamedTool, owns, type Specialist, unknownTools } from "./specialist.ts";

/** For `doctor`: tools that no specialist may call, and names of tools that there are not. */
export function checkSpecialists(specialists: readonly Specialist[], tools: readonly NamedTool[]): readonly Check[] {
  if (specialists.length === 0) return [];
  const orphans = tools.filter((tool) => !specialists.some((one) => owns(one, tool, specialists)));
  const unknown = specialists.flatMap((one) => unknownTools(one, tools).map((tool) => `${tool} of ${one.name}`));
  return [
    ...(orphans.length === 0
      ? []
      : [
          warning(
            `nobody may call ${orphans.map(({ name }) => name).join(", ")}`,
            'Name each in the "tools" of a specialist, or give one of them tools: "others".',
          ),
        ]),
    ...(unknown.length === 0
      ? []
      : [warning(`there is no tool ${unknown.join(", ")}`, "Correct the name, or add the tool pack that brings it.")]),
  ];
}

function warning(detail: string, remedy: string): Check {
  return { name: "specialists", status: "warning", detail, remedy };
}
