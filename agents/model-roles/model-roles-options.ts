import type { Breaker } from "../../core/breaker/breaker.ts";
import type { ChatModels } from "./chat-models.ts";

/** What the roles work with. */
export interface ModelRolesOptions {
  readonly models: ChatModels;
  readonly breaker: Breaker;
  /** One agent with tools instead of four roles. */
  readonly single: boolean;
}
