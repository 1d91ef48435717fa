/** Links that work once, handed to whoever runs a command. */
import { createHash } from "node:crypto";
import type { LoadedConfig } from "../core/config/index.ts";
import type { OneUseLink } from "../gateway/identity/index.ts";
import { isLoopback } from "../gateway/known-hosts.ts";
import { colors } from "./colors.ts";
import { print } from "./output.ts";
import { dataDirectoryOf } from "./runtime/data-directory.ts";
import { handOverSecret } from "./runtime/hand-over-secret.ts";

/** The secret is behind the `#`: browsers do not send it, so that it stands in no log of a server. */
export function showLink(
  loaded: LoadedConfig,
  link: OneUseLink,
  about: {
    readonly page: "first-owner" | "password";
    readonly of: string;
    /** Where the server listens, if it runs. */
    readonly url?: string | undefined;
  },
): void {
  const { host, port, hosts } = loaded.config.gateway;
  const [name] = hosts;
  const here = about.url ?? `http://${isLoopback(host) ? host : "127.0.0.1"}:${port}`;
  const origin = name === undefined ? here : `https://${name}`;
  const file = handOverSecret(`${origin}/account/${about.page}#${link.secret}`, {
    isTerminal: process.stdout.isTTY,
    directory: dataDirectoryOf(loaded),
    name: `${about.page}-${createHash("sha256").update(about.of).digest("hex").slice(0, 12)}.link`,
    show: print,
  });
  const until = `It works once, until ${new Date(link.expiresAt).toISOString()}.`;
  print(file === undefined ? colors.dim(until) : `The link is in ${file}, which you alone can read. ${until}`);
}
