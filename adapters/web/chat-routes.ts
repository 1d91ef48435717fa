import { z } from "zod";
import type { HttpRequest, HttpRoute } from "../../core/http.ts";
import type { Api } from "./api.ts";
import { json, sessionOf } from "./api.ts";
import type { AcceptedMessage, Said } from "./conversation.ts";
import { UnknownMessageError } from "./errors.ts";
import { ActionRequest, ChatAnswer, ChatRequest, SessionQuery } from "./protocol.ts";
import type { WebSession } from "./session-ids.ts";
import { openUploadId } from "./upload-ids.ts";

const Wait = z.strictObject({
  /** How long to wait for the answer, in seconds. */
  wait: z.coerce.number().min(0).max(60).optional(),
});
const MessageQuery = SessionQuery.extend(Wait.shape);
const MessageParameters = z.object({ messageId: z.string().min(1).max(64) });
const MEBIBYTE = 1024 * 1024;
const answers = { 200: ChatAnswer, 202: ChatAnswer };

/** Say something, press Confirm or Cancel, and get the answer. */
export function chatRoutes(api: Api): readonly HttpRoute[] {
  const { base } = api;
  const tags = ["chat"];
  return [
    {
      method: "POST",
      path: `${base}/chat`,
      summary: "Say something and wait for the answer; after 30 s (or `wait`) 202 with a link to ask again",
      tags,
      query: Wait,
      body: ChatRequest,
      bodyLimit: MEBIBYTE,
      responses: answers,
      handle: async (request) => await chat(api, request),
    },
    {
      method: "GET",
      path: `${base}/chat/messages/:messageId`,
      summary: "The answer to a message that was sent before",
      tags,
      parameters: MessageParameters,
      query: MessageQuery,
      responses: answers,
      handle: async (request) => await askAgain(api, request),
    },
    action(api, "confirm", "Confirm a proposal: what was proposed is done"),
    action(api, "cancel", "Cancel a proposal: nothing is done"),
  ];
}

async function chat(api: Api, request: HttpRequest): Promise<Response> {
  const { sessionId, userId, messageId, text, attachments, metadata } = ChatRequest.parse(request.body);
  const session = await sessionOf(api, { sessionId, userId });
  const uploads = attachments.map(({ id }) => openUploadId(id, session, api.ids));
  const id = messageId ?? api.context.environment.newId();
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
    query: Wait,
    body: ActionRequest,
    responses: answers,
    handle: async (request) => {
      const { sessionId, userId, messageId, proposalId, code } = ActionRequest.parse(request.body);
      const session = await sessionOf(api, { sessionId, userId });
      const id = messageId ?? api.context.environment.newId();
      return await sayAndWait(api, request, {
        session,
        said: { type: "action", messageId: id, choiceId: `${verb}:${proposalId}`, value: code ?? verb },
      });
    },
  };
}

async function sayAndWait(
  api: Api,
  request: HttpRequest,
  { session, said }: { readonly session: WebSession; readonly said: Said },
): Promise<Response> {
  api.received();
  const accepted = await api.conversations.say(session, said);
  return await answered(api, request, { session, messageId: said.messageId, accepted });
}

async function askAgain(api: Api, request: HttpRequest): Promise<Response> {
  const { messageId } = MessageParameters.parse(request.parameters);
  const session = await sessionOf(api, MessageQuery.parse(request.query));
  for (const reference of [{ messageId }, { eventId: messageId }]) {
    if (await api.conversations.knows(session, reference)) {
      return await answered(api, request, { session, messageId, accepted: { reference } });
    }
  }
  throw new UnknownMessageError();
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
  const id = "eventId" in reference ? reference.eventId : messageId;
  const link = `${api.base}/chat/messages/${encodeURIComponent(id)}?sessionId=${encodeURIComponent(session.id)}`;
  return json({ ...facts, status: "pending", replies: [], link } satisfies ChatAnswer, {
    status: 202,
    headers: { location: link, "retry-after": "2" },
  });
}
