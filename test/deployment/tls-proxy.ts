/** nginx and Caddy as docs/deployment.md sets them up, on free ports and with a certificate made at run time. */
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { packageDirectory } from "../../core/package-directory.ts";
import { makeCertificate } from "../support/certificate.ts";
import { freePort } from "../support/free-port.ts";

/** The name of the documented configuration. */
export const NAME = "bot.example.com";
/** Debian keeps nginx out of an ordinary user's path. */
const PATH = `${process.env["PATH"] ?? ""}:/usr/sbin:/usr/local/sbin`;

export interface TlsProxy {
  readonly url: string;
  /** Where the documented configuration redirects to https. */
  readonly redirecting: string;
  /** The mistake that the documents warn of: the gateway, handed on by plain HTTP. */
  readonly plain: string;
  readonly certificate: string;
  /** What it logged; for a test that fails. */
  readonly log: () => string;
  readonly close: () => Promise<void>;
}

interface Ports {
  readonly https: number;
  readonly redirecting: number;
  readonly plain: number;
  readonly gateway: string;
}

interface Place {
  readonly folder: string;
  readonly pair: ReturnType<typeof makeCertificate>;
  readonly ports: Ports;
}

const KINDS = {
  nginx: { fence: "nginx", write: writeNginx, command: (file: string) => ["nginx", "-c", file] },
  caddy: {
    fence: "text",
    write: writeCaddy,
    command: (file: string) => ["caddy", "run", "--adapter", "caddyfile", "--config", file],
  },
} as const;
export type Kind = keyof typeof KINDS;

/** Whether this machine has it. */
export function hasProxy(kind: Kind): boolean {
  return spawnSync("sh", ["-c", `command -v ${kind}`], { env: { PATH } }).status === 0;
}

/** Starts it in front of a gateway. Close it in the end. A free port may be taken by another test before it listens. */
export async function startTlsProxy(kind: Kind, gateway: string, tries = 5): Promise<TlsProxy> {
  try {
    return await start(kind, gateway);
  } catch (error) {
    if (tries <= 1 || !/address already in use/iu.test(String(error))) throw error;
    return await startTlsProxy(kind, gateway, tries - 1);
  }
}

async function start(kind: Kind, gateway: string): Promise<TlsProxy> {
  const folder = mkdtempSync(join(tmpdir(), `parley-${kind}-`));
  const pair = makeCertificate(folder, NAME);
  const [https, redirecting, plain] = [await freePort(), await freePort(), await freePort()];
  const ports: Ports = { https, redirecting, plain, gateway: new URL(gateway).host };
  const { fence, write, command } = KINDS[kind];
  const file = write(documented(fence), { folder, pair, ports });
  const [program = "", ...rest] = command(file);
  const env = { PATH, HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder };
  const child = spawn(program, rest, { env, cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
  let logged = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (logged += chunk.toString()));
  const isOver = (): boolean => child.exitCode !== null || child.signalCode !== null;
  const close = async (): Promise<void> => {
    if (!isOver()) {
      const exited = once(child, "exit");
      child.kill("SIGTERM");
      await exited;
    }
    await rm(folder, { recursive: true, force: true });
  };
  for (const port of [https, redirecting, plain]) {
    while (!(await isHeard(port))) {
      if (isOver()) throw new Error(`${kind} ended: ${logged}`);
      await sleep(25);
    }
  }
  return {
    url: `https://127.0.0.1:${https}`,
    redirecting: `http://127.0.0.1:${redirecting}`,
    plain: `http://127.0.0.1:${plain}`,
    certificate: readFileSync(pair.certificate, "utf8"),
    log: () => logged,
    close,
  };
}

/** The first block of this kind that is about the name. */
function documented(fence: string): string {
  const page = readFileSync(join(packageDirectory(), "docs/deployment.md"), "utf8");
  const blocks = [...page.matchAll(/^```(\w+)\n(.*?)^```/gmsu)];
  const found = blocks.find(([, kind, text = ""]) => kind === fence && text.includes(NAME));
  return found?.[2] ?? missing(`a block of \`\`\`${fence} about ${NAME}`);
}

/** Replaces what is another on this machine, and says so where the documents have no such line any more. */
function put(text: string, changes: Readonly<Record<string, string>>): string {
  return Object.entries(changes).reduce((changed, [from, to]) => {
    return changed.includes(from) ? changed.replace(from, to) : missing(`"${from}"`);
  }, text);
}

function missing(what: string): never {
  throw new Error(`docs/deployment.md has no ${what}; the test needs it to run the documented configuration.`);
}

function writeNginx(text: string, { folder, pair, ports }: Place): string {
  const site = put(text, {
    "listen 80;": `listen 127.0.0.1:${ports.redirecting};`,
    "listen 443 ssl http2;": `listen 127.0.0.1:${ports.https} ssl http2; listen 127.0.0.1:${ports.plain};`,
    [`/etc/letsencrypt/live/${NAME}/fullchain.pem`]: pair.certificate,
    [`/etc/letsencrypt/live/${NAME}/privkey.pem`]: pair.key,
    "127.0.0.1:8080": ports.gateway,
  });
  writeFileSync(join(folder, "parley.conf"), site);
  const kept = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((of) => `${of}_temp_path ${folder}/${of};`);
  const main = [
    // The files of the test are its user's.
    process.getuid?.() === 0 ? "user root;" : "",
    "daemon off; worker_processes 1; error_log stderr warn;",
    `pid ${folder}/nginx.pid;`,
    "events {}",
    `http { access_log off; ${kept.join(" ")} include ${folder}/parley.conf; }`,
  ];
  const file = join(folder, "nginx.conf");
  writeFileSync(file, `${main.join("\n")}\n`);
  return file;
}

function writeCaddy(text: string, { folder, pair, ports }: Place): string {
  const site = put(text, {
    [`# tls /etc/ssl/${NAME}.crt /etc/ssl/${NAME}.key`]: `tls ${pair.certificate} ${pair.key}`,
    "127.0.0.1:8080": ports.gateway,
  });
  const here = `{\n  admin off\n  https_port ${ports.https}\n  http_port ${ports.redirecting}\n  default_bind 127.0.0.1\n}\n`;
  const plain = put(site.replace(/^ *tls .*\n/mu, ""), { [`${NAME} {`]: `http://${NAME}:${ports.plain} {` });
  const file = join(folder, "Caddyfile");
  writeFileSync(file, `${here}${site}${plain}`);
  return file;
}

async function isHeard(port: number): Promise<boolean> {
  const socket = connect(port, "127.0.0.1");
  try {
    await once(socket, "connect");
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
