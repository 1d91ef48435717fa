/** The tools, resources and prompts that the conformance suite calls by name, on servers as the product's endpoint makes them. */
import {
  acceptedContent,
  CLIENT_CAPABILITIES_META_KEY,
  createRequestStateCodec,
  fromJsonSchema,
  inputRequired,
  McpServer,
  ProtocolError,
  ProtocolErrorCode,
  ResourceTemplate,
} from "@modelcontextprotocol/server";
import { z } from "zod";

const PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==";
const WAV = "UklGRiYAAABXQVZFZm10IBAAAAABAAEAQB8AAAB9AAACABAAZGF0YQIAAAA=";
const codec = createRequestStateCodec({ key: crypto.getRandomValues(new Uint8Array(32)) });
const mint = async (payload) => await codec.mint({ ...payload, nonce: crypto.randomUUID() });
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const text = (words) => ({ content: [{ type: "text", text: words }] });
const nothing = z.object({});
const embedded = (uri, mimeType, words) => ({ type: "resource", resource: { uri, mimeType, text: words } });
const image = { type: "image", data: PNG, mimeType: "image/png" };
const form = (properties, required = Object.keys(properties)) => ({ type: "object", properties, required });
const ask = (message, properties) => inputRequired.elicit({ message, requestedSchema: form(properties) });
const complete = (words, maxTokens) =>
  inputRequired.createMessage({ messages: [{ role: "user", content: { type: "text", text: words } }], maxTokens });
const askName = () => ask("What is your name?", { name: { type: "string" } });
const nameIn = (responses, key) => {
  const name = acceptedContent(responses, key)?.name;
  return typeof name === "string" ? name : undefined;
};

/** `notify` is the endpoint's. */
export function everything(notify) {
  const server = new McpServer(
    { name: "conformance", version: "1.0.0" },
    {
      capabilities: {
        tools: { listChanged: true },
        resources: { subscribe: true, listChanged: true },
        prompts: { listChanged: true },
        logging: {},
        completions: {},
      },
      requestState: { verify: codec.verify },
    },
  );
  const tool = (name, handle, inputSchema) =>
    server.registerTool(name, { description: name, ...(inputSchema && { inputSchema }) }, handle);
  addContent(tool);
  addSession(tool);
  addQuestions(tool);
  addRounds(tool);
  addStateless(tool, notify);
  addResources(server);
  addPrompts(server);
  server.server.setRequestHandler("logging/setLevel", async () => ({}));
  server.server.setRequestHandler("resources/subscribe", async () => ({}));
  server.server.setRequestHandler("resources/unsubscribe", async () => ({}));
  server.server.setRequestHandler("completion/complete", async () => ({
    completion: { values: [], total: 0, hasMore: false },
  }));
  return server;
}

function addContent(tool) {
  tool("test_simple_text", async () => text("This is a simple text response for testing."));
  tool("test_image_content", async () => ({ content: [image] }));
  tool("test_audio_content", async () => ({ content: [{ type: "audio", data: WAV, mimeType: "audio/wav" }] }));
  tool("test_embedded_resource", async () => ({
    content: [embedded("test://embedded-resource", "text/plain", "This is an embedded resource content.")],
  }));
  tool("test_multiple_content_types", async () => ({
    content: [
      { type: "text", text: "Multiple content types test:" },
      image,
      embedded("test://mixed-content-resource", "application/json", JSON.stringify({ test: "data", value: 123 })),
    ],
  }));
  tool("test_error_handling", async () => {
    throw new Error("This tool intentionally returns an error for testing");
  });
  tool(
    "test_x_mcp_header",
    async ({ region }) => text(`region=${region ?? "<none>"}`),
    fromJsonSchema({
      type: "object",
      properties: { region: { type: "string", "x-mcp-header": "Region" }, level: { type: "integer" } },
    }),
  );
  tool(
    "json_schema_2020_12_tool",
    async (given) => text(JSON.stringify(given)),
    fromJsonSchema({
      $schema: "https://json-schema.org/draft/2020-12/schema",
      type: "object",
      $defs: {
        address: {
          $anchor: "addressDef",
          type: "object",
          properties: { street: { type: "string" }, city: { type: "string" } },
        },
      },
      properties: {
        name: { type: "string" },
        address: { $ref: "#/$defs/address" },
        contactMethod: { type: "string", enum: ["phone", "email"] },
        phone: { type: "string" },
        email: { type: "string" },
      },
      allOf: [{ anyOf: [{ required: ["phone"] }, { required: ["email"] }] }],
      if: { properties: { contactMethod: { const: "phone" } }, required: ["contactMethod"] },
      // oxlint-disable-next-line unicorn/no-thenable -- a keyword of JSON Schema
      then: { required: ["phone"] },
      else: { required: ["email"] },
      additionalProperties: false,
    }),
  );
}

function addSession(tool) {
  tool(
    "test_tool_with_logging",
    async (_given, { mcpReq }) => {
      for (const data of ["Tool execution started", "Tool processing data", "Tool execution completed"]) {
        await mcpReq.notify({ method: "notifications/message", params: { level: "info", data } });
        await sleep(50);
      }
      return text("Tool with logging executed successfully");
    },
    nothing,
  );
  tool(
    "test_tool_with_progress",
    async (_given, { mcpReq }) => {
      const progressToken = mcpReq._meta?.progressToken;
      for (const progress of progressToken === undefined ? [] : [0, 50, 100]) {
        const params = { progressToken, progress, total: 100, message: `Completed step ${progress} of 100` };
        await mcpReq.notify({ method: "notifications/progress", params });
        await sleep(50);
      }
      return text(String(progressToken ?? "no-progress-token"));
    },
    nothing,
  );
  tool(
    "test_reconnection",
    async (_given, { http }) => {
      http?.closeSSE?.();
      await sleep(100);
      return text("Reconnection test completed successfully.");
    },
    nothing,
  );
}

/** Questions as revisions up to 2025-11-25 send them: in the middle of a call. */
function addQuestions(tool) {
  tool(
    "test_sampling",
    async ({ prompt }, { mcpReq }) => {
      const messages = [{ role: "user", content: { type: "text", text: prompt } }];
      const answer = await mcpReq.send({ method: "sampling/createMessage", params: { messages, maxTokens: 100 } });
      return text(`LLM response: ${answer.content?.text ?? "none"}`);
    },
    z.object({ prompt: z.string() }),
  );
  const elicit = async (mcpReq, message, requestedSchema) => {
    const { action, content } = await mcpReq.send({
      method: "elicitation/create",
      params: { message, requestedSchema },
    });
    return text(`Elicitation completed: action=${action}, content=${JSON.stringify(content ?? {})}`);
  };
  tool(
    "test_elicitation",
    async ({ message }, { mcpReq }) => await elicit(mcpReq, message, form({ response: { type: "string" } })),
    z.object({ message: z.string() }),
  );
  const defaults = {
    name: { type: "string", default: "John Doe" },
    age: { type: "integer", default: 30 },
    score: { type: "number", default: 95.5 },
    status: { type: "string", enum: ["active", "inactive", "pending"], default: "active" },
    verified: { type: "boolean", default: true },
  };
  tool(
    "test_elicitation_sep1034_defaults",
    async (_given, { mcpReq }) => await elicit(mcpReq, "Please review the defaults", form(defaults, [])),
    nothing,
  );
  const titled = (first) =>
    ["value1", "value2", "value3"].map((value) => ({ const: value, title: `${first} ${value}` }));
  const options = ["option1", "option2", "option3"];
  const several = { type: "array", minItems: 1, maxItems: 3 };
  const enums = {
    untitledSingle: { type: "string", enum: options },
    titledSingle: { type: "string", oneOf: titled("Option") },
    legacyEnum: { type: "string", enum: ["opt1", "opt2", "opt3"], enumNames: ["One", "Two", "Three"] },
    untitledMulti: { ...several, items: { type: "string", enum: options } },
    titledMulti: { ...several, items: { anyOf: titled("Choice") } },
  };
  tool(
    "test_elicitation_sep1330_enums",
    async (_given, { mcpReq }) => await elicit(mcpReq, "Please select", form(enums, [])),
    nothing,
  );
}

/** Questions as revision 2026-07-28 asks them: the call ends, and is made again with the answers. */
function addRounds(tool) {
  const round = (name, handle) => tool(`test_input_required_result_${name}`, handle, nothing);
  const confirm = () => ask("Please confirm", { ok: { type: "boolean" } });
  round("elicitation", async (_given, { mcpReq: { inputResponses } }) => {
    const name = nameIn(inputResponses, "user_name");
    return name === undefined ? inputRequired({ inputRequests: { user_name: askName() } }) : text(`Hello, ${name}!`);
  });
  round("sampling", async (_given, { mcpReq: { inputResponses } }) => {
    const answer = inputResponses?.capital_question;
    if (answer !== undefined) return text(`Sampling response: ${answer.content?.text ?? JSON.stringify(answer)}`);
    return inputRequired({ inputRequests: { capital_question: complete("What is the capital of France?", 100) } });
  });
  round("list_roots", async (_given, { mcpReq: { inputResponses } }) => {
    const roots = inputResponses?.client_roots?.roots;
    if (!Array.isArray(roots)) return inputRequired({ inputRequests: { client_roots: inputRequired.listRoots() } });
    return text(`Client exposed ${roots.length} root(s): ${roots.map(({ uri }) => uri).join(", ")}`);
  });
  round("request_state", async (_given, { mcpReq }) => {
    if (acceptedContent(mcpReq.inputResponses, "confirm") === undefined)
      return inputRequired({ inputRequests: { confirm: confirm() }, requestState: await mint({}) });
    if (mcpReq.requestState() === undefined)
      throw new ProtocolError(ProtocolErrorCode.InvalidParams, "Invalid requestState: missing");
    return text("state-ok: requestState verified and confirmation received");
  });
  round("multiple_inputs", async (_given, { mcpReq: { inputResponses } }) => {
    const name = nameIn(inputResponses, "user_name");
    const greeting = inputResponses?.greeting?.content?.text;
    const roots = inputResponses?.client_roots?.roots;
    if (name !== undefined && typeof greeting === "string" && Array.isArray(roots))
      return text(`${greeting} ${name}, ${roots.length} root(s) visible`);
    const inputRequests = {
      user_name: askName(),
      greeting: complete("Generate a greeting", 50),
      client_roots: inputRequired.listRoots(),
    };
    return inputRequired({ inputRequests, requestState: await mint({}) });
  });
  round("multi_round", async (_given, { mcpReq }) => {
    const state = mcpReq.requestState();
    if (state?.round === undefined)
      return inputRequired({ inputRequests: { step1: askName() }, requestState: await mint({ round: 1 }) });
    const { inputResponses } = mcpReq;
    if (state.round === 1) {
      const name = nameIn(inputResponses, "step1") ?? "unknown";
      const step2 = ask("Step 2: What is your favorite color?", { color: { type: "string" } });
      return inputRequired({ inputRequests: { step2 }, requestState: await mint({ round: 2, name }) });
    }
    return text(`Multi-round complete: ${state.name} likes ${acceptedContent(inputResponses, "step2")?.color}`);
  });
  round("tampered_state", async (_given, { mcpReq }) => {
    if (mcpReq.requestState() !== undefined && acceptedContent(mcpReq.inputResponses, "confirm") !== undefined)
      return text("integrity-ok: requestState verified");
    return inputRequired({ inputRequests: { confirm: confirm() }, requestState: await mint({}) });
  });
  round("capabilities", async (_given, { mcpReq }) => {
    if (mcpReq.inputResponses !== undefined) return text("Capability-aware input requests fulfilled");
    const declared = mcpReq.envelope?.[CLIENT_CAPABILITIES_META_KEY];
    const inputRequests = {
      ...(declared?.elicitation && { user_name: askName() }),
      ...(declared?.sampling && { greeting: complete("Generate a short greeting", 50) }),
      ...(declared?.roots && { client_roots: inputRequired.listRoots() }),
    };
    return Object.keys(inputRequests).length === 0 ? text("Nothing can be asked") : inputRequired({ inputRequests });
  });
}

function addStateless(tool, notify) {
  tool(
    "test_missing_capability",
    async (_given, { mcpReq: { inputResponses } }) =>
      inputResponses?.llm_answer === undefined
        ? inputRequired({ inputRequests: { llm_answer: complete("Reply with the single word: pong", 16) } })
        : text("sampling round-trip complete"),
    nothing,
  );
  tool("test_streaming_elicitation", async () => text("result frames only"), nothing);
  tool(
    "test_logging_tool",
    async (_given, { mcpReq }) => {
      await mcpReq.log("info", "test_logging_tool ran");
      return text("logged");
    },
    nothing,
  );
  tool(
    "test_trigger_tool_change",
    async () => {
      notify().toolsChanged();
      return text("tools_list_changed published");
    },
    nothing,
  );
  tool(
    "test_trigger_prompt_change",
    async () => {
      notify().promptsChanged();
      return text("prompts_list_changed published");
    },
    nothing,
  );
}

function addResources(server) {
  const add = (name, mimeType, content) => {
    const uri = `test://${name}`;
    server.registerResource(name, uri, { title: name, mimeType }, async () => ({
      contents: [{ uri, mimeType, ...content }],
    }));
  };
  add("static-text", "text/plain", { text: "This is the content of the static text resource." });
  add("static-binary", "image/png", { blob: PNG });
  add("watched-resource", "text/plain", { text: "Watched resource content" });
  const template = new ResourceTemplate("test://template/{id}/data", { list: undefined });
  server.registerResource("template", template, { mimeType: "application/json" }, async (uri, { id }) => ({
    contents: [
      {
        uri: uri.toString(),
        mimeType: "application/json",
        text: JSON.stringify({ id, templateTest: true, data: `Data for ID: ${id}` }),
      },
    ],
  }));
}

function addPrompts(server) {
  const said = (...contents) => ({ messages: contents.map((content) => ({ role: "user", content })) });
  const words = (value) => ({ type: "text", text: value });
  const add = (name, handle, argsSchema) =>
    server.registerPrompt(name, { title: name, description: name, ...(argsSchema && { argsSchema }) }, handle);
  add("test_simple_prompt", async () => said(words("This is a simple prompt for testing.")));
  add(
    "test_prompt_with_arguments",
    async ({ arg1, arg2 }) => said(words(`Prompt with arguments: arg1='${arg1}', arg2='${arg2}'`)),
    z.object({ arg1: z.string(), arg2: z.string() }),
  );
  add(
    "test_prompt_with_embedded_resource",
    async ({ resourceUri }) =>
      said(
        embedded(resourceUri, "text/plain", "Embedded resource content for testing."),
        words("Please process the embedded resource above."),
      ),
    z.object({ resourceUri: z.string() }),
  );
  add("test_prompt_with_image", async () => said(image, words("Please analyze the image above.")));
  add("test_input_required_result_prompt", async ({ mcpReq: { inputResponses } }) => {
    const context = acceptedContent(inputResponses, "user_context")?.context;
    if (typeof context === "string") return said(words(`Use the following context: ${context}`));
    const user_context = ask("What context should the prompt use?", { context: { type: "string" } });
    return inputRequired({ inputRequests: { user_context } });
  });
}
