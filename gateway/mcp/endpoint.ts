/** The protocol over HTTP: revision 2026-07-28 without sessions, those of 2025 with them, from one factory. */
import type * as Sdk from "@modelcontextprotocol/server";
import type {
  EventStore,
  McpServer,
  Server,
  WebStandardStreamableHTTPServerTransport,
} from "@modelcontextprotocol/server";
import { LRUCache } from "lru-cache";

/** Who calls, as far as the gateway proved it. State and sessions are bound to it. */
export interface McpUser {
  /** Of the user, or of nobody in particular. */
  readonly key: string;
  readonly userId?: string;
  /** Whether what its client answers counts as a person's: a confirmation, words of their own. */
  readonly mayAnswer: boolean;
}

/** Makes what serves one request (2026) or one session (2025). */
export type CreateServer = (user: McpUser) => McpServer | Server;

export interface McpEndpoint {
  readonly handle: (request: Request, user: McpUser) => Promise<Response>;
  /** Tells clients of 2026 that listen what changed. */
  readonly notify: Sdk.ServerNotifier;
  readonly close: () => Promise<void>;
}

/** Sessions of 2025 that are kept at once; the one that was used longest ago goes first. */
const MOST_SESSIONS = 1_000;
const IDLE_MS = 30 * 60_000;
/** Messages of a session that a client which lost its stream can be given again. */
const REPLAYED = 100;
const RETRY_MS = 2_000;

interface Session {
  readonly user: string;
  readonly transport: WebStandardStreamableHTTPServerTransport;
}

/** Serves what `create` makes. Host, origin and token were checked before. */
export function createMcpEndpoint(sdk: typeof Sdk, create: CreateServer): McpEndpoint {
  const sessions = new LRUCache<string, Session>({
    max: MOST_SESSIONS,
    ttl: IDLE_MS,
    updateAgeOnGet: true,
    dispose: ({ transport }) => void transport.close(),
  });
  const users = new WeakMap<Sdk.AuthInfo, McpUser>();
  const modern = sdk.createMcpHandler(({ authInfo }) => create((authInfo && users.get(authInfo)) ?? NOBODY), {
    legacy: "reject",
  });
  const begin = async (request: Request, user: McpUser): Promise<Response> => {
    const transport = new sdk.WebStandardStreamableHTTPServerTransport({
      sessionIdGenerator: () => crypto.randomUUID(),
      eventStore: rememberingStore(),
      retryInterval: RETRY_MS,
      onsessioninitialized: (id) => void sessions.set(id, { user: user.key, transport }),
      onsessionclosed: (id) => void sessions.delete(id),
    });
    await create(user).connect(transport);
    return await transport.handleRequest(request, { authInfo: authInfoOf(user) });
  };
  return {
    handle: async (request, user) => {
      if (!(await sdk.isLegacyRequest(request))) {
        const authInfo = authInfoOf(user);
        users.set(authInfo, user);
        return await modern.fetch(request, { authInfo });
      }
      const id = request.headers.get("mcp-session-id");
      if (id === null) return await begin(request, user);
      const session = sessions.get(id);
      // Of a session that is another's nothing is told.
      if (session === undefined || session.user !== user.key) return notFound();
      return await session.transport.handleRequest(request, { authInfo: authInfoOf(user) });
    },
    notify: modern.notify,
    close: async () => {
      sessions.clear();
      await modern.close();
    },
  };
}

const NOBODY: McpUser = { key: "nobody", mayAnswer: false };

/** No token is handed on: servers made by the factory learn only whose call it is. */
function authInfoOf({ key }: McpUser): Sdk.AuthInfo {
  return { token: "", clientId: key, scopes: [] };
}

function notFound(): Response {
  return Response.json(
    { jsonrpc: "2.0", error: { code: -32_001, message: "Session not found" }, id: null },
    { status: 404 },
  );
}

/** What was sent on the streams of a session, oldest first. */
function rememberingStore(): EventStore {
  const events: { readonly id: string; readonly stream: string; readonly message: Sdk.JSONRPCMessage }[] = [];
  return {
    storeEvent: async (stream, message) => {
      const id = `${stream}::${crypto.randomUUID()}`;
      events.push({ id, stream, message });
      if (events.length > REPLAYED) events.shift();
      return id;
    },
    replayEventsAfter: async (last, { send }) => {
      const at = events.findIndex(({ id }) => id === last);
      const stream = last.split("::")[0] ?? last;
      // One that is not known any more is followed by nothing: nobody gets what they may have had.
      const missed = at === -1 ? [] : events.slice(at + 1).filter((event) => event.stream === stream);
      for (const { id, message } of missed) await send(id, message);
      return stream;
    },
  };
}
