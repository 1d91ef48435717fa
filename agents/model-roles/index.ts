/** The four roles, filled by language models. */
export { oneModel } from "./chat-models.ts";
export { createModelRoles } from "./model-roles.ts";
