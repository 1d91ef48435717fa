import type { RequestOptions } from "node:https";
import { WebSocket } from "ws";
import { z } from "zod";

/** A frame as it comes, whatever it is. */
const Frame = z.looseObject({ type: z.string() });
export type Frame = z.infer<typeof Frame>;

/** The client's end of a socket: remembers every frame, and waits for the one that is asked for. */
export interface TestSocket {
  readonly frames: readonly Frame[];
  readonly send: (frame: unknown) => void;
  /** The first frame (of those already here, too) that fits. */
  readonly until: (fits: (frame: Frame) => boolean) => Promise<Frame>;
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
  readonly raw: WebSocket;
  readonly close: () => void;
}

/** Opens the chat's socket. */
export async function openSocket(
  url: string,
  query: Readonly<Record<string, string>> = {},
  headers: Readonly<Record<string, string>> = {},
  connection: Pick<RequestOptions, "ca" | "servername" | "localAddress"> = {},
): Promise<TestSocket> {
  const address = `${url.replace("http", "ws")}/api/v1/chat/stream?${new URLSearchParams(query).toString()}`;
  const raw = new WebSocket(address, { headers, ...connection });
  const frames: Frame[] = [];
  const listeners = new Set<() => void>();
  raw.on("message", (data: Buffer) => {
    frames.push(Frame.parse(JSON.parse(data.toString("utf8"))));
    for (const listener of listeners) listener();
  });
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    raw.on("close", (code, reason) => resolve({ code, reason: reason.toString("utf8") }));
  });
  await new Promise<void>((resolve, reject) => {
    raw.on("open", resolve);
    raw.on("error", reject);
  });
  return {
    frames,
    raw,
    closed,
    send: (frame) => raw.send(typeof frame === "string" ? frame : JSON.stringify(frame)),
    until: async (fits) =>
      await new Promise((resolve) => {
        const check = (): void => {
          const found = frames.find(fits);
          if (found === undefined) return;
          listeners.delete(check);
          resolve(found);
        };
        listeners.add(check);
        check();
      }),
    close: () => raw.close(),
  };
}
