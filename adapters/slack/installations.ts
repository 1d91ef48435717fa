/** The installations of an account of several workspaces, kept in the store, which seals its values. */
import { createDecipheriv, hkdfSync } from "node:crypto";
import { z } from "zod";
import type { AdapterContext } from "../../adapter.ts";
import { describeError, ParleyError } from "../../adapter.ts";
import type { SlackSettings } from "./settings.ts";

/** One installation: of a workspace, or of all workspaces of an organisation (Enterprise Grid). */
export const Installation = z.object({
  /** The workspace's id (`T…`), or the organisation's (`E…`). */
  team: z.string(),
  name: z.string(),
  token: z.string(),
  botUser: z.string(),
  /** Where the app rotates its tokens: what the next one is asked for with, and until when this one works, ms since 1970. */
  refreshToken: z.string().exactOptional(),
  expiresAt: z.number().exactOptional(),
});
export type Installation = z.infer<typeof Installation>;

export interface Installations {
  /** By the id of a workspace or of an organisation. */
  readonly get: (id: string) => Promise<Installation | undefined>;
  readonly put: (installation: Installation) => Promise<void>;
  readonly remove: (id: string) => Promise<void>;
  readonly all: () => Promise<readonly Installation[]>;
  /** The organisation that a workspace belongs to, as far as it was told. */
  readonly organisationOf: (team: string) => Promise<string | undefined>;
  readonly noteOrganisation: (team: string, organisation: string) => Promise<void>;
  /** True for one process at a time, for so long; it says so again to itself. */
  readonly claim: (
    id: string,
    facts: { readonly by: string; readonly now: number; readonly forMs: number },
  ) => Promise<boolean>;
  readonly release: (id: string, by: string) => Promise<void>;
}

const Claim = z.object({ by: z.string(), until: z.number() });

/** Tokens are secrets: the store seals them, as all its values. */
export function createInstallations({
  settings,
  values,
  log,
}: Pick<AdapterContext<SlackSettings>, "settings" | "values" | "log">): Installations {
  const store = (): NonNullable<typeof values> => {
    if (values === undefined)
      throw new ParleyError(
        "slack/installations-unavailable",
        "Slack: `oauth` needs a store that keeps values; this process has none.",
      );
    return values;
  };
  const teams = async (): Promise<readonly string[]> =>
    z
      .array(z.string())
      .catch([])
      .parse(await store().get("installations"));
  const get: Installations["get"] = async (team) => {
    const kept = await store().get(`installation:${team}`);
    if (typeof kept !== "string") return Installation.safeParse(kept).data;
    try {
      const installation = Installation.parse(
        JSON.parse(openEarlier(kept, settings.oauth?.clientSecret.reveal() ?? "")),
      );
      await store().set(`installation:${team}`, installation);
      return installation;
    } catch (thrown) {
      // The client secret was changed: only a new installation helps, as if there were none.
      log.warn({ error: describeError(thrown), team }, "an installation cannot be read and must be made again");
      return undefined;
    }
  };
  return {
    get,
    all: async () => (await Promise.all((await teams()).map(get))).flatMap((one) => one ?? []),
    organisationOf: async (team) => z.string().safeParse(await store().get(`organisation:${team}`)).data,
    noteOrganisation: async (team, organisation) => await store().set(`organisation:${team}`, organisation),
    claim: async (id, { by, now, forMs }) => {
      const held = Claim.safeParse(await store().get(`renewing:${id}`)).data;
      if (held !== undefined && held.by !== by && held.until > now) return false;
      await store().set(`renewing:${id}`, { by, until: now + forMs });
      return true;
    },
    release: async (id, by) => {
      const held = Claim.safeParse(await store().get(`renewing:${id}`)).data;
      if (held?.by === by) await store().set(`renewing:${id}`, null);
    },
    put: async (installation) => {
      await store().set(`installation:${installation.team}`, installation);
      await store().set("installations", [...new Set([...(await teams()), installation.team])]);
    },
    remove: async (team) => {
      await store().set(`installation:${team}`, null);
      await store().set(
        "installations",
        (await teams()).filter((one) => one !== team),
      );
    },
  };
}

/** Before the store sealed its values, tokens were encrypted under a key made from the client secret. */
function openEarlier(sealed: string, clientSecret: string): string {
  const key = Buffer.from(hkdfSync("sha256", clientSecret, "", "parley slack installations", 32));
  const bytes = Buffer.from(sealed, "base64");
  const decipher = createDecipheriv("aes-256-gcm", key, bytes.subarray(0, 12)).setAuthTag(bytes.subarray(12, 28));
  return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString("utf8");
}
