/** The Graph API on this machine. */
import { randomBytes } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { FaultQueue, LocalServer } from "../../../../testing.ts";
import { bodyOf, openLocalServer, respond } from "../../../../testing.ts";
import type { GraphCall, GraphFacts, GraphRoutes } from "./graph-routes.ts";
import { createGraphRoutes, faultAnswer } from "./graph-routes.ts";
import type { GraphRefusal } from "./graph-rules.ts";

export interface GraphServerOptions extends GraphFacts {
  readonly accessToken: string;
  readonly port: number;
  readonly faults: FaultQueue;
}

export interface GraphServer extends Pick<GraphRoutes, "media" | "addMedia" | "refused">, LocalServer {
  /** From now on every call answers that the token is invalid. */
  readonly revoke: () => void;
}

const NO_TOKEN: GraphRefusal = {
  status: 401,
  code: 190,
  message: "Error validating access token: The session has been invalidated.",
};

/** Starts the server. */
export async function openGraphServer(options: GraphServerOptions): Promise<GraphServer> {
  const routes = createGraphRoutes(options);
  const state = { revoked: false };
  const server = await openLocalServer({
    port: options.port,
    handle: async (request, response, url) => {
      const call = await callOf(request, url);
      const fault = options.faults.take(kindOf(call));
      if (fault?.kind === "cut-before") return void request.socket.destroy();
      const isAuthorised = !state.revoked && request.headers.authorization === `Bearer ${options.accessToken}`;
      const answer = faultAnswer(fault) ?? (isAuthorised ? routes.answer(call) : routes.refuse(NO_TOKEN));
      if (fault?.kind === "cut-after") return void request.socket.destroy();
      respond(response, answer);
    },
  });
  return {
    ...routes,
    ...server,
    revoke: () => {
      state.revoked = true;
    },
  };
}

async function callOf(request: IncomingMessage, url: string): Promise<GraphCall> {
  const { method = "GET", headers, url: address = "/" } = request;
  const path = address.replace(/^\/v\d+\.\d/u, "");
  return { method, path, body: await bodyOf(request), contentType: headers["content-type"] ?? "", url };
}

function kindOf(call: GraphCall): "send" | "upload" | "other" {
  if (call.method === "POST" && call.path.endsWith("/media")) return "upload";
  return isSend(call) ? "send" : "other";
}

function isSend({ method, path, body }: GraphCall): boolean {
  return method === "POST" && path.endsWith("/messages") && !body.includes('"status":"read"');
}

/** A new message id, as the Cloud API writes them. */
export function newWamid(): string {
  return `wamid.${randomBytes(24).toString("base64")}`;
}
