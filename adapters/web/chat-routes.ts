import { z } from "zod";
import type { HttpRequest, HttpRoute } from "../../adapter.ts";
import { ownedBy, ParleyError } from "../../adapter.ts";
import type { Api } from "./api.ts";
import { countMessage, json, ownerOfSession, sessionOf } from "./api.ts";
import type { AcceptedMessage, Said } from "./conversation.ts";
import { EXAMPLE } from "./examples.ts";
import { ActionRequest, ActionsAnswer, ChatAnswer, ChatRequest, SessionQuery } from "./protocol.ts";
import type { WebSession } from "./session-ids.ts";
import { openUploadId } from "./upload-ids.ts";

const Wait = z.strictObject({
  /** How long to wait for the answer, in seconds. */
  wait: z.coerce.number().min(0).max(60).optional(),
});
const MessageQuery = SessionQuery.extend(Wait.shape);
const MessageParameters = z.object({ messageId: z.string().min(1).max(64) });
const MEBIBYTE = 1024 * 1024;
/** What the buttons of a proposal say, for the history. */
const WORDS = { confirm: "Confirm", cancel: "Cancel" };
const answers = { 200: ChatAnswer, 202: ChatAnswer };

const SAID = [
  { summary: "Begin a session", body: { text: "Hello" }, status: 200 },
  {
    summary: "Press a choice of the last reply: its `value`",
    body: { sessionId: EXAMPLE.sessionId, text: "Not Harbour Saver Plus" },
    status: 200,
  },
];

/** Say something, press Confirm or Cancel, and get the answer. */
export function chatRoutes(api: Api): readonly HttpRoute[] {
  const { base } = api;
  const shared = { tags: ["chat"], bot: api.context.bot.id };
  const owner = ownedBy("query", SessionQuery.loose(), async (named) => await ownerOfSession(api, named));
  return [
    {
      ...shared,
      method: "POST",
      path: `${base}/chat`,
      summary: "Say something and wait for the answer; after 30 s (or `wait`) 202 with a link to ask again",
      permission: "chat:use",
      owner: ownedBy("body", ChatRequest, async (named) => await ownerOfSession(api, named)),
      examples: SAID,
      query: Wait,
      body: ChatRequest,
      bodyLimit: MEBIBYTE,
      responses: answers,
      findsAnswer: true,
      handle: async (request) => await chat(api, request),
    },
    {
      ...shared,
      method: "GET",
      path: `${base}/chat/messages/:messageId`,
      summary: "The answer to a message that was sent before",
      permission: "conversations:read",
      owner,
      examples: [
        {
          summary: "Ask again",
          parameters: { messageId: EXAMPLE.messageId },
          query: { sessionId: EXAMPLE.sessionId },
          status: 200,
        },
      ],
      parameters: MessageParameters,
      query: MessageQuery,
      responses: answers,
      handle: async (request) => await askAgain(api, request),
    },
    {
      ...shared,
      method: "GET",
      path: `${base}/actions`,
      summary: "What was proposed in a session and what became of it, newest first",
      tags: ["actions"],
      permission: "actions:read",
      owner,
      examples: [{ summary: "Of a session", query: { sessionId: EXAMPLE.sessionId }, status: 200 }],
      query: SessionQuery,
      responses: { 200: ActionsAnswer },
      handle: async (request) => await listActions(api, request),
    },
    action(api, "confirm", "Confirm a proposal: what was proposed is done"),
    action(api, "cancel", "Cancel a proposal: nothing is done"),
  ];
}

async function chat(api: Api, request: HttpRequest): Promise<Response> {
  const { sessionId, userId, messageId, text, attachments, metadata } = ChatRequest.parse(request.body);
  const session = await sessionOf(api, { sessionId, userId, callId: request.idempotencyId }, request.caller);
  const uploads = attachments.map(({ id }) => openUploadId(id, session, api.ids));
  const id = messageId ?? request.idempotencyId ?? api.context.environment.newId();
  return await sayAndWait(api, request, {
    session,
    said: { type: "message", messageId: id, text, attachments: uploads, metadata },
  });
}

function action(api: Api, verb: "confirm" | "cancel", summary: string): HttpRoute {
  return {
    method: "POST",
    path: `${api.base}/actions/${verb}`,
    summary,
    tags: ["actions"],
    permission: "actions:decide",
    owner: ownedBy("body", ActionRequest, async (named) => await ownerOfSession(api, named)),
    bot: api.context.bot.id,
    examples: [
      {
        summary: verb === "confirm" ? "As by the button" : "Leave it",
        body: { sessionId: EXAMPLE.sessionId, proposalId: EXAMPLE.proposalId },
        status: 200,
      },
    ],
    query: Wait,
    body: ActionRequest,
    responses: answers,
    findsAnswer: true,
    handle: async (request) => {
      const { sessionId, userId, messageId, proposalId, code } = ActionRequest.parse(request.body);
      const session = await api.ids.open(sessionId, userId);
      const id = messageId ?? request.idempotencyId ?? api.context.environment.newId();
      return await sayAndWait(api, request, {
        session,
        said: { type: "action", messageId: id, choiceId: `${verb}:${proposalId}`, value: WORDS[verb], code },
      });
    },
  };
}

async function listActions(api: Api, request: HttpRequest): Promise<Response> {
  const { sessionId, userId } = SessionQuery.parse(request.query);
  const session = await api.ids.open(sessionId, userId);
  const actions = await api.context.actions(api.conversations.idOf(session));
  const shown = actions.map(({ id: proposalId, tool: _tool, ...facts }) => ({ proposalId, ...facts }));
  return json({ sessionId: session.id, actions: shown } satisfies z.infer<typeof ActionsAnswer>);
}

async function sayAndWait(
  api: Api,
  request: HttpRequest,
  { session, said }: { readonly session: WebSession; readonly said: Said },
): Promise<Response> {
  countMessage(api, session, request.caller);
  api.received();
  const accepted = await api.conversations.say(session, said);
  return await answered(api, request, { session, messageId: said.messageId, accepted });
}

async function askAgain(api: Api, request: HttpRequest): Promise<Response> {
  const { messageId } = MessageParameters.parse(request.parameters);
  const { sessionId, userId } = MessageQuery.parse(request.query);
  const session = await api.ids.open(sessionId, userId);
  for (const reference of [{ messageId }, { eventId: messageId }]) {
    if (await api.conversations.knows(session, reference)) {
      return await answered(api, request, { session, messageId, accepted: { reference } });
    }
  }
  throw new ParleyError(
    "web/unknown-message",
    "Nothing is known of this message here. Send it again with the same messageId: it is not doubled.",
    { status: 404 },
  );
}

async function answered(
  api: Api,
  request: HttpRequest,
  {
    session,
    messageId,
    accepted,
  }: {
    readonly session: WebSession;
    readonly messageId: string;
    readonly accepted: Pick<AcceptedMessage, "reference">;
  },
): Promise<Response> {
  const { wait } = z.object(Wait.shape).parse(request.query);
  const waitMs = (wait ?? api.context.settings.waitSeconds) * 1_000;
  const { reference } = accepted;
  const replies = await api.conversations.answer(session, reference, { waitMs, signal: request.signal });
  const facts = { messageId, sessionId: session.id };
  if (replies !== undefined) return json({ ...facts, status: "answered", replies: [...replies] } satisfies ChatAnswer);
  const link = `${api.base}/chat/messages/${encodeURIComponent(messageId)}?sessionId=${encodeURIComponent(session.id)}`;
  return json({ ...facts, status: "pending", replies: [], link } satisfies ChatAnswer, {
    status: 202,
    headers: { location: link, "retry-after": "2" },
  });
}
