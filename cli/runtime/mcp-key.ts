import type { KeptFiles } from "../../core/files/files.ts";

/** The key that signs what MCP clients hand back between two rounds. */
export const MCP_KEY = "mcp.key";
export const mcpKeyFiles: KeptFiles = { name: "mcp key", prefix: MCP_KEY, keys: /^mcp\.key$/u, isSecret: true };
