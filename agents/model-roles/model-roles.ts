import type { Roles } from "../roles/contract.ts";
import type { ModelRolesOptions } from "./model-roles-options.ts";
import { analyzeWithModel, selectWithModel } from "./read.ts";
import { respondWithModel } from "./respond.ts";
import { summarizeWithModel } from "./summarize.ts";

/** Fills the roles by language models: quick decisions by the fast one, answers by the other. */
export function createModelRoles(options: ModelRolesOptions): Roles {
  return {
    model: options.models.answers.name,
    analyze: async (state, desk) => await analyzeWithModel(state, desk, options),
    select: async (state, desk) => await selectWithModel(state, desk, options),
    summarize: async (older, desk) => await summarizeWithModel(older, desk, options),
    respond: async (state, desk) => await respondWithModel(state, desk, options),
  };
}
