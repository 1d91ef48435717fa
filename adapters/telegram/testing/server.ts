/** The Bot API over HTTP: `/bot<token>/<method>` and `/file/bot<token>/<path>`. */
import { once } from "node:events";
import { z } from "zod";
import type { ApiAnswer, ApiCall, CallKind, FaultQueue, LocalApi } from "../../../core/testing/index.ts";
import { openLocalApi } from "../../../core/testing/index.ts";
import { accountMethods } from "./account-methods.ts";
import type { Method, MethodContext } from "./methods.ts";
import { Refusal } from "./refusal.ts";
import { sendMethods } from "./send-methods.ts";

export interface ApiServer extends LocalApi {
  readonly token: string;
  readonly revoke: () => void;
  /** Polls are taken and never answered, as by a connection that died without a word; and answered again. */
  readonly freezePolls: (frozen: boolean) => void;
  /** Methods that this server does not have, as an older one has not. */
  readonly withdraw: (method: string) => void;
}

const methods: Readonly<Record<string, Method>> = { ...sendMethods, ...accountMethods };

type ServerOptions = Omit<MethodContext, "gone"> & {
  readonly faults: FaultQueue;
  readonly token: string;
  readonly port: number | undefined;
};

/** Starts the server on this machine. */
export async function startServer(options: ServerOptions): Promise<ApiServer> {
  const { faults, token, port, world } = options;
  const state = { revoked: false, frozen: false };
  const withdrawn = new Set<string>();
  const isAllowed = (given: string | undefined): boolean => given === token && !state.revoked;
  const api = await openLocalApi({
    port,
    faults,
    faultAnswers: {
      ...faultAnswers,
      markupRefused: (call) => {
        // Formatting that is refused is refused in every way of writing it: as blocks first, then as entities.
        if (methodOf(call) === "sendRichMessage") faults.next("send", { kind: "markup-refused" });
        return UNREADABLE;
      },
    },
    kindOf: (call) => (isAllowed(tokenIn(call)) ? kindOf(call) : undefined),
    isJson: (_field, value) => /^(?:[[{]|true$|false$|-?\d+$)/u.test(value),
    answer: async (call) => {
      const isKnown = isAllowed(tokenIn(call));
      const file = /^\/file\/bot[^/]+\/files\/(.+)$/u.exec(call.path)?.[1];
      if (file !== undefined) return bytesOf(isKnown ? world.files.get(file)?.bytes : undefined);
      if (!isKnown) return refusal(401, "Unauthorized");
      const method = methodOf(call);
      if (method === "getUpdates" && state.frozen) await once(call.gone, "abort");
      return await answer(withdrawn.has(method) ? undefined : methods[method], call, options);
    },
  });
  return {
    ...api,
    token,
    revoke: () => {
      state.revoked = true;
      api.cut();
    },
    freezePolls: (frozen) => {
      state.frozen = frozen;
    },
    withdraw: (method) => void withdrawn.add(method),
  };
}

const tokenIn = ({ path }: ApiCall): string | undefined => /^(?:\/file)?\/bot([^/]+)\//u.exec(path)?.[1];

/** The method that a call is of. */
export function methodOf({ path }: Pick<ApiCall, "path">): string {
  return /^\/bot[^/]+\/(\w+)/u.exec(path)?.[1] ?? "";
}

/** What stays in the chat is sent; what changes it, or passes, is an edit. */
function kindOf(call: ApiCall): CallKind | undefined {
  const method = methodOf(call);
  if (method === "") return undefined;
  if (method === "sendChatAction") return "other";
  if (method === "sendMessageDraft") return "edit";
  if (method.startsWith("send")) return "send";
  return /^(?:edit|delete(?!Webhook)|setMessageReaction)/u.test(method) ? "edit" : "other";
}

async function answer(
  method: Method | undefined,
  { body, files, gone, path }: ApiCall,
  context: ServerOptions,
): Promise<ApiAnswer> {
  try {
    if (method === undefined) throw new Refusal(404, "Not Found: method not found");
    return { status: 200, body: { ok: true, result: await method(body ?? {}, { ...context, gone }, files) } };
  } catch (thrown) {
    const { status, message, parameters } = toRefusal(thrown);
    const isInvalid = status !== 409 && status !== 429;
    const refused = isInvalid ? `${methodOf({ path })}: ${status} ${message}` : undefined;
    return { ...refusal(status, message, parameters), refused };
  }
}

function toRefusal(thrown: unknown): Refusal {
  if (!(thrown instanceof z.ZodError)) {
    if (thrown instanceof Refusal) return thrown;
    throw thrown;
  }
  const issues = thrown.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
  return new Refusal(400, `Bad Request: ${issues.join("; ")}`);
}

function refusal(status: number, description: string, parameters?: Readonly<Record<string, number>>): ApiAnswer {
  return { status, body: { ok: false, error_code: status, description, parameters } };
}

const UNREADABLE = refusal(
  400,
  "Bad Request: can't parse entities: Can't find end of the entity starting at byte offset 0",
);

const faultAnswers = {
  rateLimited: (seconds: number) => {
    const wait = Math.ceil(seconds);
    return refusal(429, `Too Many Requests: retry after ${wait}`, { retry_after: wait });
  },
  serverError: (status: number) => refusal(status, "Internal Server Error"),
  fileRefused: refusal(400, "Bad Request: not enough rights to send documents to the chat"),
  placeGone: refusal(400, "Bad Request: message thread not found"),
};

function bytesOf(body: Uint8Array | undefined): ApiAnswer {
  return { status: body === undefined ? 404 : 200, body, headers: { "content-type": "application/octet-stream" } };
}
