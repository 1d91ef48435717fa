import { z } from "zod";
import { optionalPart, readableItems } from "../../adapter.ts";
import type { Workspaces } from "./workspaces.ts";

const Place = optionalPart(z.object({ id: z.string() }));
const Body = z.object({
  team_id: optionalPart(z.string()),
  enterprise_id: optionalPart(z.string()),
  /** A text in commands. */
  is_enterprise_install: optionalPart(z.union([z.boolean(), z.string()])),
  authorizations: readableItems(z.object({ is_enterprise_install: z.boolean().catch(false) })),
  team: Place,
  user: optionalPart(z.object({ team_id: optionalPart(z.string()) })),
  enterprise: Place,
});
type Body = z.infer<typeof Body>;

/** Where the app is installed in a whole organisation, its bodies say which: its token is that of all its workspaces. */
export async function noteOrganisation(body: unknown, workspaces: Workspaces): Promise<void> {
  const read = Body.safeParse(body).data;
  if (read === undefined || !isWhole(read)) return;
  const team = read.team_id ?? read.team?.id ?? read.user?.team_id;
  const organisation = read.enterprise_id ?? read.enterprise?.id;
  if (team !== undefined && organisation !== undefined) await workspaces.noteOrganisation(team, organisation);
}

function isWhole({ is_enterprise_install: installed, authorizations }: Body): boolean {
  return String(installed) === "true" || authorizations[0]?.is_enterprise_install === true;
}
