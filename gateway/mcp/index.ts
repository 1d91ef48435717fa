/** The bots' tools for MCP clients. */
export { type BotServerOptions, botServers, type ServedBot } from "./bot-server.ts";
export { createMcpEndpoint, type McpEndpoint, type McpUser } from "./endpoint.ts";
export { LOCAL, mcpRoutes } from "./routes.ts";
