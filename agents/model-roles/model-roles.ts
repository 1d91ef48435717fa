import type { Roles } from "../roles/contract.ts";
import { analyzeWithModel, intentionOfSingleAgent } from "./analyze.ts";
import type { ModelRolesOptions } from "./model-roles-options.ts";
import { respondWithModel } from "./respond.ts";
import { selectWithModel } from "./select.ts";
import { actAsSingleAgent } from "./single-agent.ts";

/** Fills the roles by language models: quick decisions by the fast one, answers by the other. */
export function createModelRoles(options: ModelRolesOptions): Roles {
  const model = options.models.answers.name;
  const respond: Roles["respond"] = async (state, desk) => await respondWithModel(state, desk, options);
  if (options.single) {
    return {
      model,
      analyze: async (_state, desk) => intentionOfSingleAgent(desk),
      select: async (state, desk) => await actAsSingleAgent(state, desk, options),
      respond,
    };
  }
  return {
    model,
    analyze: async (state, desk) => await analyzeWithModel(state, desk, options),
    select: async (state, desk) => await selectWithModel(state, desk, options),
    respond,
  };
}
