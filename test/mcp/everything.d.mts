import type { McpServer, ServerNotifier } from "@modelcontextprotocol/server";

export function everything(notify: () => ServerNotifier): McpServer;
