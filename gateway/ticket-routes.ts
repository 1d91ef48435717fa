import { z } from "zod";
import { InvalidInputError } from "../core/errors.ts";
import type { HttpRoute, SocketRoute } from "../core/http.ts";
import type { Tickets } from "./state/tickets.ts";

const Wanted = z.strictObject({
  path: z.string().min(1).max(200).describe("The address that it is for, without its query: `/api/v1/chat/stream`."),
});
const Ticket = z.object({
  ticket: z.string().describe("Goes into the address as `?ticket=…`. It opens one socket."),
  expiresAt: z.iso.datetime(),
});

/** `POST /api/v1/tickets`: a token never stands in the address of a WebSocket, where logs and proxies keep it. */
export function ticketRoutes(tickets: Tickets, sockets: readonly SocketRoute[]): readonly HttpRoute[] {
  const paths = sockets.map(({ path }) => path);
  return [
    {
      method: "POST",
      path: "/api/v1/tickets",
      summary: "A ticket that opens one WebSocket within 30 seconds, where no header can be sent",
      tags: ["sessions"],
      permission: "tickets:create",
      holdsSecrets: true,
      body: Wanted,
      responses: { 201: Ticket },
      examples: [{ summary: "For the chat", body: { path: "/api/v1/chat/stream" }, status: 201 }],
      handle: async ({ body, caller }) => {
        const { path } = Wanted.parse(body);
        if (!paths.includes(path) || caller.credential === undefined)
          throw new InvalidInputError(
            "gateway/no-such-socket",
            `There is no WebSocket at that path, only at: ${paths.join(", ")}.`,
          );
        const { ticket, expiresAt } = await tickets.issue(caller.credential, path);
        return Response.json({ ticket, expiresAt: new Date(expiresAt).toISOString() }, { status: 201 });
      },
    },
  ];
}
