/** The four roles, filled by language models. */
export { customModels } from "./chat-models.ts";
export { createModelRoles } from "./model-roles.ts";
