/** Hosts on this machine: network namespaces on one bridge, each with processes, a name and files of its own. */
import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { createServer, connect, type Server } from "node:net";
import { until } from "./until.ts";

/** A host that runs until `kill`. */
export interface Host {
  readonly name: string;
  readonly address: string;
  /** Starts a program on it. */
  readonly spawn: (program: string, words: readonly string[], options: HostProcess) => ChildProcess;
  /** SIGTERM for what `spawn` started; resolves with its exit code. */
  readonly stop: (child: ChildProcess) => Promise<number | null>;
  /** The cable: nobody hears of it when it is pulled. */
  readonly plug: (state: "up" | "down") => void;
  /** SIGKILL for everything that runs on it. */
  readonly kill: () => Promise<void>;
  /** After `kill`: as after a power cut. */
  readonly boot: () => Promise<void>;
}

interface HostProcess {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
}

export interface HostNetwork {
  /** Where what runs on this machine outside of the hosts is reached. */
  readonly address: string;
  readonly addHost: (name: string) => Promise<Host>;
  /** Makes a port of the loopback address reachable for the hosts, under the same number. */
  readonly offer: (port: number) => Promise<void>;
  readonly close: () => Promise<void>;
}

const run = (program: string, ...words: readonly string[]): string =>
  execFileSync(program, words, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });

/** Why no hosts can be made here; undefined where they can. */
export function whyNoHosts(): string | undefined {
  const missing = ["ip", "nsenter", "unshare"].find((one) => spawnSync("sh", ["-c", `command -v ${one}`]).status !== 0);
  if (missing !== undefined) return `there is no ${missing} (apt-get install iproute2 util-linux)`;
  const probe = `parley-probe-${process.pid}`;
  const made = spawnSync("ip", ["netns", "add", probe]).status === 0;
  const entered = made && spawnSync("ip", ["netns", "exec", probe, "unshare", "--pid", "--fork", "true"]).status === 0;
  if (made) run("ip", "netns", "del", probe);
  return entered ? undefined : "network namespaces need root, or CAP_NET_ADMIN and CAP_SYS_ADMIN";
}

/** Makes an empty network. Close it: what it made stays otherwise. */
export function openNetwork(): HostNetwork {
  const number = process.pid % 250;
  const bridge = `parley${number}`;
  const subnet = `10.213.${number}`;
  const hosts: { readonly kill: () => Promise<void>; readonly namespace: string }[] = [];
  const servers: Server[] = [];
  run("ip", "link", "add", bridge, "type", "bridge");
  run("ip", "address", "add", `${subnet}.1/24`, "dev", bridge);
  run("ip", "link", "set", bridge, "up");
  return {
    address: `${subnet}.1`,
    addHost: async (name) => {
      const index = hosts.length + 10;
      const [namespace, outer] = [`${bridge}-${name}`, `pv${number}-${index}`];
      run("ip", "netns", "add", namespace);
      run("ip", "link", "add", outer, "type", "veth", "peer", "name", "eth0", "netns", namespace);
      run("ip", "link", "set", outer, "master", bridge, "up");
      const inside = (...words: readonly string[]) => run("ip", "-n", namespace, ...words);
      inside("address", "add", `${subnet}.${index}/24`, "dev", "eth0");
      inside("link", "set", "lo", "up");
      inside("link", "set", "eth0", "up");
      const host = createHost({ name, namespace, address: `${subnet}.${index}`, outer });
      hosts.push({ ...host, namespace });
      await host.boot();
      return host;
    },
    offer: async (port) => {
      const server = createServer((socket) => {
        const inner = connect(port, "127.0.0.1");
        for (const one of [socket, inner]) one.on("error", () => undefined).setNoDelay(true);
        socket.pipe(inner).pipe(socket);
        socket.once("close", () => inner.destroy());
        inner.once("close", () => socket.destroy());
      });
      servers.push(server.listen(port, `${subnet}.1`));
      await once(server, "listening");
    },
    close: async () => {
      for (const { kill, namespace } of hosts) {
        await kill();
        run("ip", "netns", "del", namespace);
      }
      for (const server of servers) server.close();
      run("ip", "link", "del", bridge);
    },
  };
}

/** The first process keeps the host's own process numbers; with it everything on the host ends. */
function createHost(parts: {
  readonly name: string;
  readonly namespace: string;
  readonly address: string;
  readonly outer: string;
}): Host {
  const { name, namespace, address, outer } = parts;
  let first: { readonly child: ChildProcess; readonly pid: string } | undefined;
  const entering = (): readonly string[] => ["--target", first?.pid ?? "", "--net", "--pid", "--uts", "--mount"];
  return {
    name,
    address,
    spawn: (program, words, { cwd, env }) =>
      spawn("nsenter", [...entering(), `--wdns=${cwd}`, "--", program, ...words], {
        env,
        stdio: ["ignore", "pipe", "pipe"],
      }),
    stop: async (child) => {
      // Not `exit`: what it still wrote is to be read as well.
      const ended = once(child, "close");
      for (const pid of childrenOf(child.pid)) process.kill(Number(pid), "SIGTERM");
      const [code] = await ended;
      return typeof code === "number" ? code : null;
    },
    plug: (state) => void run("ip", "link", "set", outer, state),
    kill: async () => {
      if (first === undefined) return;
      const { child, pid } = first;
      first = undefined;
      const ended = once(child, "exit");
      process.kill(Number(pid), "SIGKILL");
      await ended;
    },
    boot: async () => {
      const apart = ["unshare", "--pid", "--uts", "--mount", "--mount-proc", "--fork", "--kill-child"];
      const words = ["netns", "exec", namespace, ...apart, "sh", "-c", `hostname ${name} && exec sleep infinity`];
      const child = spawn("ip", words, { stdio: "ignore" });
      const [pid = ""] = await until(`the host ${name}`, () => {
        const found = childrenOf(child.pid);
        return found.length > 0 ? found : undefined;
      });
      first = { child, pid };
    },
  };
}

function childrenOf(pid: number | undefined): readonly string[] {
  const { stdout } = spawnSync("pgrep", ["-P", String(pid)], { encoding: "utf8" });
  return stdout.split("\n").filter((line) => line !== "");
}
