/** A bot's tools as an MCP server: the same executor, and what must be confirmed is confirmed by the person, not the model. */
import type * as Sdk from "@modelcontextprotocol/server";
import type { CallToolResult, InputRequiredResult, Server, ServerContext } from "@modelcontextprotocol/server";
import { z } from "zod";
import { accountId, conversationId } from "../../core/conversation-id.ts";
import type { Environment } from "../../core/environment.ts";
import { ActionEvent, EVENT_VERSION } from "../../core/event.ts";
import { JsonObject } from "../../core/json.ts";
import { packageVersion } from "../../core/package-directory.ts";
import type { Proposal } from "../../core/reply.ts";
import type { Store } from "../../core/store/store.ts";
import type { DescribedTool, ToolContext, ToolOutcome, ToolResult, Toolset } from "../../core/tool.ts";
import type { McpUser } from "./endpoint.ts";

/** A bot whose tools are served. */
export interface ServedBot {
  readonly id: string;
  readonly name: string;
  readonly locale: string;
  readonly toolset: Pick<Toolset, "forTurn" | "confirmations">;
}

export interface BotServerOptions {
  /** As it runs now: a reload changes it. */
  readonly bot: () => ServedBot;
  readonly environment: Environment;
  readonly store: Pick<Store, "people">;
  /** Signs what a client hands back between two rounds; the same for all processes that may get it. */
  readonly stateKey: Uint8Array;
}

/** How long a question may wait for its answer: as long as a proposal. */
const STATE_SECONDS = 300;
const LONGEST_WORDS = 2_000;

/** What is known when the client comes back with an answer. */
const State = z.discriminatedUnion("asked", [
  z.strictObject({ asked: z.literal("words") }),
  z.strictObject({ asked: z.literal("confirm"), proposal: z.string() }),
]);
type State = z.infer<typeof State>;

type Answer = CallToolResult | InputRequiredResult;
type Codec = Sdk.RequestStateCodec<State>;

/** Makes the servers of a bot, one for each session or request. */
export function botServers(sdk: typeof Sdk, options: BotServerOptions): (user: McpUser) => Server {
  const codec: Codec = sdk.createRequestStateCodec<State>({
    key: options.stateKey,
    ttlSeconds: STATE_SECONDS,
    bind: ({ http, mcpReq }) => `${mcpReq.method}\0${http?.authInfo?.clientId ?? "local"}`,
  });
  return (user) => {
    const { name, toolset, id } = options.bot();
    const server = new sdk.Server(
      { name: `parley-${id}`, title: name, version: packageVersion() },
      {
        capabilities: { tools: {} },
        requestState: { verify: async (state, context) => await codec.verify(state, context) },
      },
    );
    const call: Call = { sdk, server, codec, user, options };
    server.setRequestHandler("tools/list", async (_request, context) => {
      const { tools } = toolset.forTurn(await toolContext(call, { context, callId: "list", words: [] }));
      return { tools: tools.map(asMcpTool) };
    });
    server.setRequestHandler("tools/call", async ({ params }, context) => {
      const state = State.safeParse(context.mcpReq.requestState());
      if (state.data?.asked === "confirm") return await decide(call, context, state.data.proposal);
      return await run(call, context, { name: params.name, input: params.arguments ?? {} });
    });
    return server;
  };
}

interface Call {
  readonly sdk: typeof Sdk;
  readonly server: Server;
  readonly codec: Codec;
  readonly user: McpUser;
  readonly options: BotServerOptions;
}

function asMcpTool({ name, description, inputSchema, confirmation }: DescribedTool): Sdk.Tool {
  const isReadOnly = confirmation === "never";
  const schema = JsonObject.parse(inputSchema);
  return {
    name,
    description,
    inputSchema: { ...schema, type: "object" },
    annotations: { readOnlyHint: isReadOnly, destructiveHint: !isReadOnly },
  };
}

/** Calls the tool; what the person must say or confirm first is asked of them, where their client can. */
async function run(
  call: Call,
  context: ServerContext,
  { name, input }: { readonly name: string; readonly input: unknown },
): Promise<Answer> {
  const { sdk, user } = call;
  const given = sdk.acceptedContent(context.mcpReq.inputResponses, "words", Words)?.words;
  const words = given === undefined || !user.mayAnswer ? [] : [given];
  const turn = await toolContext(call, { context, callId: "call", words });
  const { toolset } = call.options.bot();
  const outcome = await toolset.forTurn(turn).call(name, input, "call");
  if (outcome.status === "proposed") return await askToConfirm(call, context, { proposal: outcome.proposal, turn });
  if (outcome.status === "done") return doneResult(outcome.result);
  const isUnsaid = outcome.code === "tool/not-said" && words.length === 0;
  return isUnsaid && canAsk(call) ? await askForWords(call, context, outcome.message) : failure(outcome);
}

const Words = z.object({ words: z.string().max(LONGEST_WORDS) });
const Confirm = z.object({ confirm: z.boolean() });

async function askForWords({ sdk, codec }: Call, context: ServerContext, why: string): Promise<Answer> {
  return sdk.inputRequired({
    inputRequests: {
      words: sdk.inputRequired.elicit({
        message: `Please write in your own words what is to be done. ${why}`,
        requestedSchema: {
          type: "object",
          properties: { words: { type: "string", title: "In your own words", maxLength: LONGEST_WORDS } },
          required: ["words"],
        },
      }),
    },
    requestState: await codec.mint({ asked: "words" }, context),
  });
}

async function askToConfirm(
  call: Call,
  context: ServerContext,
  { proposal, turn }: { readonly proposal: Proposal; readonly turn: ToolContext },
): Promise<Answer> {
  const { sdk, codec, user } = call;
  if (!canAsk(call)) {
    await press(call, turn, { verb: "cancel", proposal: proposal.id });
    const why = user.mayAnswer
      ? "this client cannot ask them (no elicitation)"
      : "who calls may not decide (actions:decide and chat:use)";
    return errorText(`${proposal.summary}: the person must confirm this, and ${why}. Nothing was done.`);
  }
  const facts = proposal.facts.map(({ label, value }) => `${label}: ${value}`);
  return sdk.inputRequired({
    inputRequests: {
      confirm: sdk.inputRequired.elicit({
        message: [proposal.summary, ...facts].join("\n"),
        requestedSchema: {
          type: "object",
          properties: { confirm: { type: "boolean", title: "Do this" } },
          required: ["confirm"],
        },
      }),
    },
    requestState: await codec.mint({ asked: "confirm", proposal: proposal.id }, context),
  });
}

/** The person's answer; anything but a plain yes is a no. The arguments of the repeated call count for nothing. */
async function decide(call: Call, context: ServerContext, proposal: string): Promise<Answer> {
  const answer = call.sdk.acceptedContent(context.mcpReq.inputResponses, "confirm", Confirm);
  const verb = call.user.mayAnswer && answer?.confirm === true ? "confirm" : "cancel";
  const turn = await toolContext(call, { context, callId: "decide", words: [] });
  const text = await press(call, turn, { verb, proposal });
  return { content: [{ type: "text", text }] };
}

async function press(
  { options }: Call,
  turn: ToolContext,
  { verb, proposal }: { readonly verb: "confirm" | "cancel"; readonly proposal: string },
): Promise<string> {
  const at = new Date(options.environment.clock()).toISOString();
  const { bot, account, conversation, eventId: id, userId } = turn;
  const event = ActionEvent.parse({
    version: EVENT_VERSION,
    type: "action",
    id,
    key: id,
    bot,
    platform: PLATFORM,
    account,
    conversation,
    chat: { id: chatOf(userId), type: "direct" },
    user: { id: userId },
    timestamp: at,
    receivedAt: at,
    choiceId: `${verb}:${proposal}`,
  });
  const reply = await options.bot().toolset.confirmations.handle(event, turn);
  return reply?.text ?? "";
}

const PLATFORM = "mcp";
const chatOf = (userId: string): string => `user-${userId}`;

/** Who calls: a named user in a chat of their own, or nobody in particular, who may do what anybody in a group may. */
async function toolContext(
  { user, options }: Call,
  facts: { readonly context: ServerContext; readonly callId: string; readonly words: readonly string[] },
): Promise<ToolContext> {
  const { environment, store } = options;
  const { id, locale } = options.bot();
  const account = accountId(PLATFORM, id);
  const userId = user.userId ?? user.key;
  return {
    bot: id,
    account,
    conversation: conversationId({ platform: PLATFORM, account: id, chat: chatOf(userId) }),
    chatType: user.userId === undefined ? "group" : "direct",
    userId,
    person: await store.people.personOf(account, userId),
    scopes: new Set(user.userId === undefined ? ["public"] : ["public", "private"]),
    eventId: environment.newId(),
    callId: facts.callId,
    userTexts: facts.words,
    locale,
    environment,
    signal: facts.context.mcpReq.signal,
    trace: () => undefined,
  };
}

function canAsk({ server, user }: Call): boolean {
  return user.mayAnswer && server.getClientCapabilities()?.elicitation !== undefined;
}

function doneResult({ value, sources = [] }: ToolResult): CallToolResult {
  const data = JsonObject.safeParse(value);
  const cited = sources.map(({ title, location, quote }) => `${title}, ${location}: ${quote}`);
  const text = [typeof value === "string" ? value : JSON.stringify(value), ...cited].join("\n\n");
  return { content: [{ type: "text", text }], ...(data.success && { structuredContent: data.data }) };
}

function failure(outcome: Extract<ToolOutcome, { readonly message: string }>): CallToolResult {
  return errorText(`${outcome.message} (${outcome.code})`);
}

function errorText(text: string): CallToolResult {
  return { content: [{ type: "text", text }], isError: true };
}
