import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import type { Health } from "../../core/adapter.ts";
import { describeError } from "../../core/errors.ts";
import type { HttpRoute, Socket, SocketRoute } from "../../core/http.ts";
import { silentTelemetry } from "../../core/silent-telemetry.ts";
import { createGateway, type Gateway } from "../../gateway/index.ts";
import type { LocalDesk } from "./local-platforms.ts";
import { Action, perform, viewOf } from "./view.ts";

const PAGE = new URL("page/", import.meta.url);
const MEDIA_TYPES: Readonly<Record<string, string>> = {
  html: "text/html; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  css: "text/css; charset=utf-8",
};
/** Changes come in bursts; one picture of them is enough. */
const SETTLE_MS = 60;
/** Health changes without a word of the platform. */
const LOOK_EVERY_MS = 1_000;
const FRAME_LIMIT = 16 * 1_048_576;

export interface DevPage {
  readonly desks: readonly LocalDesk[];
  readonly port: number;
  readonly health: (platform: string) => Health | undefined;
}

/** Serves the page with the platforms side by side, on this machine only. */
export async function openDevPage(options: DevPage): Promise<Gateway> {
  const sockets = new Set<Socket>();
  const state = (): string =>
    JSON.stringify({
      type: "state",
      platforms: options.desks.map((desk) => viewOf(desk, options.health(desk.platform.platform))),
    });
  let shown = "";
  const show = (): void => {
    const now = state();
    if (now === shown) return;
    shown = now;
    for (const socket of sockets) socket.send(now);
  };
  let timer: NodeJS.Timeout | undefined;
  const unsubscribers = options.desks.map(({ platform }) =>
    platform.onChange?.(() => {
      clearTimeout(timer);
      timer = setTimeout(show, SETTLE_MS);
    }),
  );
  const look = setInterval(show, LOOK_EVERY_MS);
  const gateway = await createGateway({
    host: "127.0.0.1",
    port: options.port,
    routes: ["index.html", "dev.js", "dev.css"].map(fileRoute),
    sockets: [liveRoute(options, sockets, state)],
    readiness: async () => ({ ready: true, parts: [] }),
    metrics: async () => ({ contentType: "text/plain", body: "" }),
    version: "dev",
    newId: () => crypto.randomUUID(),
    log: silentTelemetry.log,
  });
  return {
    url: gateway.url,
    close: async () => {
      clearInterval(look);
      clearTimeout(timer);
      for (const unsubscribe of unsubscribers) unsubscribe?.();
      await gateway.close();
    },
  };
}

function fileRoute(name: string): HttpRoute {
  return {
    method: "GET",
    path: name === "index.html" ? "/" : `/${name}`,
    summary: "The page of the local platforms",
    hidden: true,
    permission: "public",
    handle: async () =>
      new Response(await readFile(fileURLToPath(new URL(name, PAGE)), "utf8"), {
        headers: {
          "content-type": MEDIA_TYPES[name.split(".").at(-1) ?? ""] ?? "text/plain",
          "cache-control": "no-store",
        },
      }),
  };
}

function liveRoute({ desks }: DevPage, sockets: Set<Socket>, state: () => string): SocketRoute {
  return {
    path: "/live",
    summary: "What people see, and what they do",
    // Started by a developer on the own machine, for whoever sits there.
    permission: "public",
    frameLimit: FRAME_LIMIT,
    open: (socket) => {
      sockets.add(socket);
      socket.onClose(() => void sockets.delete(socket));
      socket.onMessage((text) => void act(text, desks, socket));
      socket.send(state());
    },
  };
}

async function act(text: string, desks: readonly LocalDesk[], socket: Socket): Promise<void> {
  try {
    const action = Action.parse(JSON.parse(text));
    const note = await perform(desks, action);
    if (note !== undefined) socket.send(JSON.stringify({ type: "note", platform: action.platform, text: note }));
  } catch (thrown) {
    const detail = thrown instanceof z.ZodError ? "That is no action of this page." : describeError(thrown);
    socket.send(JSON.stringify({ type: "note", text: detail }));
  }
}
