/** Codes by mail, over SMTP. */
import type { createTransport } from "nodemailer";
import type { CodeMessage } from "../../../core/config/code-senders.ts";
import { ParleyError } from "../../../core/errors.ts";
import { within } from "../../../core/timing/deadline.ts";
import { isLoopback } from "../../known-hosts.ts";
import { NotSent, type Sender, SENDING_MS } from "./sender.ts";

export interface SmtpOptions {
  /** Of the mail server, with user and password. */
  readonly url: () => string;
  readonly from: string;
  readonly subject: string;
}

type Transport = ReturnType<typeof createTransport>;

const SILENCE_MS = 10_000;
/** What the library calls faults, in words for the operator. */
const REASONS: Readonly<Record<string, string>> = {
  EAUTH: "the mail server refused the login: check user and password",
  ENOAUTH: "the mail server wants a login: put user and password into the address",
  ETLS: "the mail server offers no TLS, or another one than it should: nothing is sent in the clear",
  EDNS: "the mail server's name is not found",
  ETIMEDOUT: "the mail server does not answer",
  ECONNECTION: "the mail server broke the connection off",
  ESOCKET: "the mail server cannot be reached",
};

/** Each message has a connection of its own: codes are rare, and a kept one may have died. */
export function createSmtpSender({ url, from, subject }: SmtpOptions): Sender {
  return {
    send: async ({ address, text }: CodeMessage) =>
      await using(url(), async (transport) => {
        // As an object: nothing in it is read as a second recipient.
        const to = { name: "", address };
        const headers = { "Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All" };
        await transport.sendMail({ from, to, subject, text, headers, disableFileAccess: true, disableUrlAccess: true });
      }),
    check: async () => {
      await using(url(), async (transport) => void (await transport.verify()));
      const { host, protocol } = new URL(url());
      return `${host} takes mail by ${protocol === "smtps:" ? "TLS" : "SMTP"}`;
    },
  };
}

async function using(url: string, work: (transport: Transport) => Promise<void>): Promise<void> {
  const transport = await open(url);
  try {
    const done = await within(
      async () => {
        await work(transport);
        return true;
      },
      { ms: SENDING_MS },
    );
    if (done === undefined) throw new NotSent("the mail server took too long");
  } catch (thrown) {
    throw thrown instanceof NotSent ? thrown : reasonOf(thrown);
  } finally {
    transport.close();
  }
}

async function open(url: string): Promise<Transport> {
  const mailer = await import("nodemailer").catch(() => {
    throw new ParleyError("package/missing", "Mail by SMTP needs nodemailer 10: npm install nodemailer@10.");
  });
  const { protocol, hostname, port, username, password } = new URL(url);
  const secure = protocol === "smtps:";
  const host = hostname.replaceAll(/^\[|\]$/gu, "");
  return mailer.createTransport({
    host,
    port: port === "" ? (secure ? 465 : 587) : Number(port),
    secure,
    // On this machine nobody is on the way.
    requireTLS: !secure && !isLoopback(host),
    ...(username === "" ? {} : { auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) } }),
    connectionTimeout: SILENCE_MS,
    greetingTimeout: SILENCE_MS,
    socketTimeout: SILENCE_MS,
    dnsTimeout: SILENCE_MS,
  });
}

/** The library's own error holds what the server said, which often is the address. */
function reasonOf(thrown: unknown): NotSent {
  const { code, responseCode } = factsOf(thrown);
  const said = responseCode === undefined ? "" : ` (${responseCode})`;
  const isPermanent = responseCode !== undefined && responseCode >= 500;
  if (code === "EENVELOPE" || code === "EMESSAGE") {
    const why = isPermanent ? "the mail server refused the mail" : "the mail server does not take the mail for now";
    return new NotSent(`${why}${said}`, { isRefused: isPermanent && code === "EENVELOPE" });
  }
  return new NotSent(`${REASONS[code] ?? "the mail server did not take the mail"}${said}`);
}

function factsOf(thrown: unknown): { readonly code: string; readonly responseCode: number | undefined } {
  if (!(thrown instanceof Error)) return { code: "", responseCode: undefined };
  const code = "code" in thrown && typeof thrown.code === "string" ? thrown.code : "";
  const number = "responseCode" in thrown ? thrown.responseCode : undefined;
  return { code, responseCode: typeof number === "number" ? number : undefined };
}
