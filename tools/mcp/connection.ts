/** One connection to one server: opened, asked for its tools, called, closed. */
import type * as Sdk from "@modelcontextprotocol/client";
import type { CallToolResult, Transport } from "@modelcontextprotocol/client";
import { resolve } from "node:path";
import { z } from "zod";
import { needPackages } from "../../core/config/missing-package.ts";
import { Secret, type SecretReference } from "../../core/config/secret.ts";
import type { Files } from "../../core/files/files.ts";
import type { Json } from "../../core/json.ts";
import type { Network } from "../../core/network/network.ts";
import { packageVersion } from "../../core/package-directory.ts";
import { canonicalJson } from "../canonical-json.ts";
import { createGuardedFetch, type Fetch } from "./guarded-fetch.ts";
import { listTools } from "./listing.ts";
import { loggedInFetch, type Visit } from "./login.ts";
import type { ServerTool } from "./pins.ts";
import { MCP_CLIENT, type ServerSettings, targetOf } from "./settings.ts";

/** How long a server may take to be ready. */
const CONNECT_MS = 8_000;
const LONGEST_MESSAGE = 20 * 1024 * 1024;

export interface Connection {
  readonly listTools: () => Promise<readonly ServerTool[]>;
  readonly call: (tool: string, input: Json, options: CallOptions) => Promise<CallToolResult>;
  readonly close: () => Promise<void>;
}

export interface CallOptions {
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  /** Tells a server that heeds it that two calls are the same one. */
  readonly key: string;
}

export interface ConnectOptions {
  readonly name: string;
  readonly settings: ServerSettings;
  readonly bot: string;
  readonly configDirectory: string;
  readonly files: Files;
  readonly network?: Network | undefined;
  readonly visit?: Visit | undefined;
  /** Heard when the server says that its tools changed. */
  readonly onChanged?: () => void;
  /** Heard once, when the connection is over. */
  readonly onClosed?: () => void;
  /** Answers a server's questions to the person; left out, there are none. */
  readonly elicit?: (message: string, schema: unknown) => Promise<Sdk.ElicitResult>;
}

const CallArguments = z.record(z.string(), z.json());

/** Connects. Throws what the library, the system or the login throws: `describeFailure` puts it into words. */
export async function connect(options: ConnectOptions): Promise<Connection> {
  needPackages("mcp()", [MCP_CLIENT]);
  const sdk = await import("@modelcontextprotocol/client");
  const client = new sdk.Client({ name: "parley", version: packageVersion() }, clientOptions(options));
  answerQuestions(client, options);
  const { transport, close } = await transportFor(sdk, options);
  // oxlint-disable-next-line unicorn/prefer-add-event-listener -- it is no event target
  client.onclose = () => options.onClosed?.();
  const end = async (): Promise<void> => {
    await client.close();
    await close();
  };
  try {
    await client.connect(transport, { timeout: CONNECT_MS });
  } catch (thrown) {
    await end();
    throw thrown;
  }
  return {
    listTools: async () =>
      await listTools(client, { timeout: CONNECT_MS }, (thrown) =>
        thrown instanceof sdk.SdkError ? thrown.code === sdk.SdkErrorCode.InvalidResult : false,
      ),
    call: async (name, input, { signal, timeoutMs, key }) =>
      await client.callTool(
        { name, arguments: CallArguments.parse(input), _meta: { "parleyjs/idempotencyKey": key } },
        { signal, timeout: timeoutMs, maxTotalTimeout: timeoutMs },
      ),
    close: end,
  };
}

function clientOptions({ onChanged, elicit }: ConnectOptions): Sdk.ClientOptions {
  return {
    // Nothing is declared that a server could ask for: no sampling, no roots, and questions only where somebody answers.
    capabilities: elicit === undefined ? {} : { elicitation: { form: { applyDefaults: true } } },
    versionNegotiation: { mode: "auto", probe: { timeoutMs: CONNECT_MS / 2 } },
    listMaxPages: 20,
    inputRequired: { maxRounds: 5 },
    // Results are read as data that nobody vouches for: a server's own patterns are not run over them.
    jsonSchemaValidator: { getValidator: acceptAll },
    ...(onChanged && {
      listChanged: { tools: { autoRefresh: false, debounceMs: 100, onChanged: () => onChanged() } },
    }),
  };
}

function acceptAll<Value>(): Sdk.JsonSchemaValidator<Value> {
  return (input) => ({ valid: true, data: z.custom<Value>().parse(input), errorMessage: undefined });
}

function answerQuestions(client: Sdk.Client, { elicit }: ConnectOptions): void {
  if (elicit === undefined) return;
  client.setRequestHandler("elicitation/create", async ({ params }) => {
    if (!("requestedSchema" in params)) return { action: "decline" };
    return await elicit(params.message, params.requestedSchema);
  });
}

interface OpenTransport {
  readonly transport: Transport;
  readonly close: () => Promise<void>;
}

async function transportFor(sdk: typeof Sdk, options: ConnectOptions): Promise<OpenTransport> {
  const { settings, configDirectory } = options;
  if ("url" in settings) return await httpTransport(sdk, options, settings);
  const { StdioClientTransport, getDefaultEnvironment } = await import("@modelcontextprotocol/client/stdio");
  const transport = new StdioClientTransport({
    command: settings.command,
    args: settings.args,
    env: { ...getDefaultEnvironment(), ...revealed(settings.env) },
    cwd: resolve(configDirectory, settings.cwd ?? "."),
    // What it prints may hold secrets, and is its own affair.
    stderr: "ignore",
    maxBufferSize: LONGEST_MESSAGE,
  });
  return { transport, close: async () => await transport.close() };
}

type HttpSettings = Extract<ServerSettings, { readonly url: string }>;

async function httpTransport(
  sdk: typeof Sdk,
  { name, bot, files, network, visit }: ConnectOptions,
  settings: HttpSettings,
): Promise<OpenTransport> {
  const { url, headers, login, allowPrivate } = settings;
  const guarded = createGuardedFetch({ allowPrivate, network });
  const own: Fetch = async (address, init) => await guarded.fetch(address, init);
  const owner = canonicalJson([bot, name, { ...targetOf(settings) }]);
  const fetch =
    login === undefined
      ? own
      : await loggedInFetch(sdk, url, own, {
          server: name,
          owner,
          clientId: login.clientId,
          clientSecret: login.clientSecret && reveal(login.clientSecret),
          scope: login.scope,
          files,
          visit,
        });
  const transport = new sdk.StreamableHTTPClientTransport(new URL(url), {
    fetch,
    requestInit: { headers: revealed(headers) },
    reconnectionOptions: {
      initialReconnectionDelay: 500,
      maxReconnectionDelay: 10_000,
      reconnectionDelayGrowFactor: 2,
      maxRetries: 3,
    },
  });
  return {
    transport,
    close: async () => {
      await transport.close();
      await guarded.close();
    },
  };
}

function revealed(values: Readonly<Record<string, string | Secret | SecretReference>>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, reveal(value)]));
}

/** References were resolved when the pack was opened. */
function reveal(value: string | Secret | SecretReference): string {
  if (typeof value === "string") return value;
  return value instanceof Secret ? value.reveal() : "";
}
