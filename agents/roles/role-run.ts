import type { Team } from "../specialists/team.ts";
import type { Desk, Roles } from "./contract.ts";
import type { CallDesk } from "./tool-calls.ts";

/** What the roles of one turn work with, besides its state. */
export interface RoleRun {
  readonly desk: Desk;
  readonly roles: Roles;
  readonly calls: CallDesk;
  readonly team: Team;
  /** Rounds of tool calls at most; then it is answered from what there is. */
  readonly maxToolRounds: number;
}
