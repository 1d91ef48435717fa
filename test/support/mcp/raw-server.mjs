/** An MCP server over stdio that has the tools of the environment variable TOOLS, however they are written. */
import { createInterface } from "node:readline";

const tools = JSON.parse(process.env.TOOLS ?? "[]");
const resultOf = ({ method, params }) => {
  if (method === "initialize")
    return { protocolVersion: "2025-06-18", capabilities: { tools: {} }, serverInfo: { name: "raw", version: "1" } };
  if (method === "tools/list") return { tools };
  if (method === "tools/call") return { content: [{ type: "text", text: `called ${params.name}` }] };
  return undefined;
};

createInterface({ input: process.stdin }).on("line", (line) => {
  const message = JSON.parse(line);
  if (message.id === undefined) return;
  const result = resultOf(message);
  const answer = result === undefined ? { error: { code: -32601, message: "no such method" } } : { result };
  process.stdout.write(`${JSON.stringify({ jsonrpc: "2.0", id: message.id, ...answer })}\n`);
});
