import { z } from "zod";
import { secret } from "../../adapter.ts";

/** Several workspaces install one app: each installation's token is kept, encrypted, in the store. */
const OAuth = z.strictObject({
  clientId: z.string().min(1),
  clientSecret: secret(),
  /** Public address of this account's `…/oauth/callback`, as entered in the app's settings. */
  redirectUrl: z.url(),
});

/** Settings of a Slack account. */
export const SlackSettings = z
  .strictObject({
    /** Bot token (`xoxb-…`). Left out where workspaces install the app themselves (`oauth`). */
    botToken: secret().optional(),
    /** App-level token (`xapp-…`) with `connections:write`: events come over Socket Mode. */
    appToken: secret().optional(),
    /** Signing secret: events come over HTTP, to this account's `…/events`. */
    signingSecret: secret().optional(),
    oauth: OAuth.optional(),
    /** `A…`; with a configuration token the bot's slash commands are registered at every change. */
    appId: z.string().min(1).optional(),
    /** App configuration token (`xoxe.…`). */
    configurationToken: secret().optional(),
    /** Before every slash command, where a workspace has several bots: `bank-` gives `/bank-balance`. */
    commandPrefix: z
      .string()
      .regex(/^[a-z0-9_-]{0,16}$/u)
      .describe("at most 16 lower-case letters, digits, _ or -")
      .default(""),
    /** Where a message in a channel is answered: in its thread, or in the channel itself. */
    replies: z.enum(["thread", "channel"]).default("thread"),
    /** Whom the words of an answer may ring: nobody, people that are named, or `@channel` and groups too. */
    mentions: z.enum(["none", "people", "everyone"]).default("none"),
    /** Offered in a new assistant chat. */
    suggestions: z.array(z.string().min(1).max(120)).max(4).default(["What can you help me with?"]),
    /** How old a missed message may be to be answered after an outage. 0: none is looked for. */
    catchUpHours: z.number().min(0).max(168).default(24),
    /** Address of the Web API. */
    apiUrl: z.url().default("https://slack.com/api/"),
  })
  .refine(({ appToken, signingSecret }) => appToken !== undefined || signingSecret !== undefined, {
    path: ["appToken"],
    error: "give appToken (Socket Mode) or signingSecret (HTTP)",
  })
  .refine(({ botToken, oauth }) => (botToken === undefined) !== (oauth === undefined), {
    path: ["botToken"],
    error: "give either botToken (one workspace) or oauth (several)",
  });
export type SlackSettings = z.infer<typeof SlackSettings>;
export type SlackInput = z.input<typeof SlackSettings>;

/** The last hours are looked through for messages that were missed. */
export function catchUpMs({ catchUpHours }: SlackSettings): number {
  return catchUpHours * 3_600_000;
}

/** Whether requests and downloads go to a Slack on this machine. */
export function isLocal({ apiUrl }: SlackSettings): boolean {
  return /^https?:\/\/(?:127\.0\.0\.1|localhost)[:/]/u.test(apiUrl);
}

/** A platform id; where an account has several workspaces, with its own before it. */
export function qualified({ oauth }: SlackSettings, team: string, id: string): string {
  return oauth === undefined ? id : `${team}/${id}`;
}

/** Takes such an id apart. */
export function placeOf(qualifiedId: string): { readonly team?: string; readonly id: string } {
  const [first = "", second] = qualifiedId.split("/");
  return second === undefined ? { id: first } : { team: first, id: second };
}
