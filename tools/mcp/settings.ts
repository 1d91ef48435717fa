/** What an admin writes about MCP servers. */
import { z } from "zod";
import type { ConfigPlace } from "../../core/bot.ts";
import type { ConfigIssue } from "../../core/config/config-error.ts";
import { missingPackages } from "../../core/config/missing-package.ts";
import { resolveSecrets, secretOrReference } from "../../core/config/secret.ts";
import { type Teaching, TeachingShape } from "../../core/teaching.ts";

/** The package that speaks the protocol; a peer, installed by whoever configures servers. */
export const MCP_CLIENT = "@modelcontextprotocol/client";

/** Plain, or by reference: a token in an environment variable of a server, a header with a key. */
const Value = z.union([z.string(), secretOrReference()]);

const fits =
  (schema: z.ZodType) =>
  (value: unknown): boolean =>
    schema.safeParse(value).success;

/** What is known of one tool of a server; the server's own word on these things does not count. */
const ToolRule = z.strictObject({
  /** @default "never" where it is named in `readOnly`, else "always" */
  confirmation: z.enum(["never", "always"]).optional(),
  /** @default "low" where it is named in `readOnly`, else "medium" */
  risk: z.enum(["low", "medium", "high"]).optional(),
  /** Where a value must come from, and how people ask for it: as in `defineTool`. */
  slots: z.custom<NonNullable<Teaching["slots"]>>(fits(TeachingShape.shape.slots)).optional(),
  language: z.custom<NonNullable<Teaching["language"]>>(fits(TeachingShape.shape.language)).optional(),
});

const common = {
  /** Tools that change nothing, by the server's names, or `true` for all: they run without confirmation. */
  readOnly: z.union([z.literal(true), z.array(z.string())]).default([]),
  /** Only these tools, by the server's names. @default all that are approved */
  only: z.array(z.string()).optional(),
  /** By the server's names. */
  tools: z.record(z.string(), ToolRule).default({}),
  /** What a caller must be allowed to do: `private` keeps its tools out of groups. */
  scopes: z.array(z.string()).default(["public"]),
  /** The longest time of one call. */
  timeoutSeconds: z.number().positive().max(18).default(15),
  /** Connections at most, opened while all others are at work. */
  connections: z.number().int().min(1).max(8).default(1),
  /** Longest text of one result, in UTF-16 units; the rest is cut off. */
  maxResultLength: z.number().int().min(100).max(200_000).default(20_000),
  /** Larger pictures and sounds are left out. */
  maxFileBytes: z
    .number()
    .int()
    .positive()
    .default(5 * 1024 * 1024),
};

const StdioServer = z.strictObject({
  /** The program; it gets the arguments as they are, through no shell. */
  command: z.string().min(1),
  args: z.array(z.string()).default([]),
  /** Its environment, besides PATH, HOME and the like; nothing else of this process's environment is handed on. */
  env: z.record(z.string(), Value).default({}),
  /** Relative paths start at the directory of `bots.config.ts`, which is the default. */
  cwd: z.string().optional(),
  ...common,
});

const HttpServer = z.strictObject({
  /** The address of its endpoint, such as https://mcp.example.com/mcp. */
  url: z.url({ protocol: /^https?$/u }),
  headers: z.record(z.string(), Value).default({}),
  /** OAuth 2.1, by `parley mcp login`: with `{}` the bot registers itself. */
  login: z
    .strictObject({
      clientId: z.string().optional(),
      clientSecret: secretOrReference().optional(),
      scope: z.string().optional(),
    })
    .optional(),
  /** Allows addresses of this machine and of private networks, and plain http there. */
  allowPrivate: z.boolean().default(false),
  ...common,
});

export const McpOptions = z.strictObject({
  servers: z.record(
    z.string().regex(/^[a-z][a-z0-9-]{0,30}$/u, 'a name in small letters, digits and -, such as "weather"'),
    z.union([StdioServer, HttpServer]),
  ),
});
export type McpInput = z.input<typeof McpOptions>;
export type McpSettings = z.output<typeof McpOptions>;
export type ServerSettings = McpSettings["servers"][string];

/** Secrets that are not set, and the package where it is not installed. */
export function missingForMcp(settings: McpSettings, place: ConfigPlace): readonly ConfigIssue[] {
  const { issues } = resolveSecrets(settings, place);
  return [
    ...missingPackages("mcp()", [MCP_CLIENT]),
    ...issues.map(({ path, message, fix }) => ({ path: path.join("."), message, fix })),
  ];
}

/** What `parley plan` compares and prints: no value of an environment or a header. */
export function summaryOf({ servers }: McpSettings): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(servers).map(([name, server]) => {
      const { readOnly, only, scopes } = server;
      const tools = Object.entries(server.tools).map(([tool, { confirmation, risk }]) => ({
        tool,
        ...(confirmation && { confirmation }),
        ...(risk && { risk }),
      }));
      const rules = { readOnly, scopes, ...(only && { only }), ...(tools.length > 0 && { tools }) };
      return [name, { ...targetOf(server), ...rules }];
    }),
  );
}

/** Whom a name stands for: another program or address is another server, whose tools nobody has approved. */
export function targetOf(server: ServerSettings): { readonly [key: string]: string | readonly string[] } {
  if ("url" in server) return { url: server.url };
  const { command, args, cwd } = server;
  return { command, args, ...(cwd !== undefined && { cwd }) };
}
