import { createServer, type RequestListener, type Server } from "node:http";
import { once } from "node:events";
import { Api, InputFile } from "grammy";
import { afterEach, expect, it } from "vitest";
import { libraryFetch } from "./call.ts";
import { networkCodeIn, toLibrarySignal } from "./probe.ts";

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections();
});

/** The library's client at a server that answers so. */
async function clientOf(answer: RequestListener): Promise<Api> {
  const server = createServer(answer).listen(0, "127.0.0.1");
  servers.push(server);
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" ? (address?.port ?? 0) : 0;
  return new Api("1:token", { apiRoot: `http://127.0.0.1:${port}`, fetch: libraryFetch });
}

it("sends JSON of any characters and reads the answer", async () => {
  const api = await clientOf((request, response) => {
    request.setEncoding("utf8").on("data", (body: string) => {
      const { text } = JSON.parse(body);
      response.end(JSON.stringify({ ok: true, result: { text, path: request.url } }));
    });
  });
  await expect(api.sendMessage(1, "Grüße 👋")).resolves.toEqual({ text: "Grüße 👋", path: "/bot1:token/sendMessage" });
});

it("sends a file as a form", async () => {
  const api = await clientOf((request, response) => {
    let size = 0;
    request.on("data", (chunk: Buffer) => (size += chunk.byteLength));
    request.on("end", () =>
      response.end(
        JSON.stringify({ ok: true, result: { isLarge: size > 200_000, type: request.headers["content-type"] } }),
      ),
    );
  });
  const sent = await api.sendDocument(1, new InputFile(new Uint8Array(200_000), "a.bin"));
  expect(sent).toMatchObject({ isLarge: true, type: expect.stringContaining("multipart/form-data") });
});

it("tells the system's code where nobody listens, and fails where the answer is cut or is no JSON", async () => {
  const api = await clientOf((request, response) => {
    if (request.url?.endsWith("getMe") === true) return void response.end("<html>");
    response.writeHead(200, { "content-length": 100 }).write("{");
    setTimeout(() => response.destroy(), 20);
  });
  await expect(api.getMe()).rejects.toThrow("getMe");
  await expect(api.getChat(1)).rejects.toThrow("getChat");
  servers.splice(0)[0]?.close().closeAllConnections();
  const refused: unknown = await api.getMe().catch((thrown: unknown) => thrown);
  expect(networkCodeIn(refused)).toBe("ECONNREFUSED");
});

it("ends a call that is aborted", async () => {
  const api = await clientOf(() => undefined);
  const controller = new AbortController();
  const calling = api.getMe(toLibrarySignal(controller.signal));
  setTimeout(() => controller.abort(), 20);
  await expect(calling).rejects.toThrow("getMe");
});
