import type { z } from "zod";
import type { ClaudeCrewOptions } from "./crew-options.ts";

/** Claude as the model of a crew: `crew({ model: claude({ effort: "high" }) })`. */
export function claude(options: z.input<typeof ClaudeCrewOptions> = {}): z.input<typeof ClaudeCrewOptions> {
  return options;
}
