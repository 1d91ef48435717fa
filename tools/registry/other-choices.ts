/** Names of the choices of a tool that a call did not make: "no, the red one". */
import { type Json, JsonObject } from "../../core/json.ts";
import type { Tool } from "../../core/tool.ts";

/** What people call the other values of its choices, in every language that the tool teaches. */
export function otherChoices({ slots, language }: Pick<Tool, "slots" | "language">, input: Json): readonly string[] {
  const made = JsonObject.safeParse(input).data ?? {};
  return Object.entries(slots).flatMap(([field, { choices }]) =>
    choices.flatMap((choice) =>
      choice === made[field] ? [] : [choice.replaceAll("_", " "), ...namesOf(choice, field, language)],
    ),
  );
}

function namesOf(choice: string, field: string, language: Tool["language"]): readonly string[] {
  return Object.values(language).flatMap(({ slots }) => slots?.[field]?.names?.[choice] ?? []);
}
