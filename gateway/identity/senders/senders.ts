/** The senders that the configuration names: one for mail, one for SMS. */
import type { Check } from "../../../core/check.ts";
import type { CodeSender, CodeSenders } from "../../../core/config/code-senders.ts";
import type { Environment } from "../../../core/environment.ts";
import { ParleyError, toError } from "../../../core/errors.ts";
import type { Network } from "../../../core/network/network.ts";
import type { Logger } from "../../../core/telemetry.ts";
import { within } from "../../../core/timing/deadline.ts";
import type { Contact, SendCode } from "../codes.ts";
import { codeTexts } from "./code-text.ts";
import { NotSent, type Sender, SENDING_MS } from "./sender.ts";
import { createSmtpSender } from "./smtp.ts";
import { createWebhookSender } from "./webhook.ts";

type Kind = Contact["kind"];

export interface SendersOptions {
  readonly senders: CodeSenders;
  /** What the codes are for, as people know it. */
  readonly site: string;
  readonly locale: string;
  readonly network: Network;
  readonly environment: Pick<Environment, "clock" | "newId">;
  readonly log: Logger;
}

export interface Senders {
  /** Throws `identity/no-sender`, `identity/code-not-sent` and `identity/contact-refused`. Logs say why, and nothing of the person. */
  readonly send: SendCode;
  /** For `doctor`: whether each can be reached; `wanted` are the kinds that users get their codes by. */
  readonly check: (wanted: ReadonlySet<Kind>) => Promise<readonly Check[]>;
}

const WAIT_MS = 60_000;
/** `doctor` has so long for everything. */
const CHECK_MS = 5_000;
const KINDS: readonly Kind[] = ["mail", "sms"];
const NAMES = { mail: "mail", sms: "SMS" } as const;

export function createSenders(options: SendersOptions): Senders {
  const { site, locale, log } = options;
  const texts = codeTexts(locale);
  const senders: Readonly<Record<Kind, Sender | undefined>> = {
    mail: options.senders.mail && senderOf(options.senders.mail, options),
    sms: options.senders.sms && senderOf(options.senders.sms, options),
  };
  return {
    send: async ({ contact: { kind, address }, code, expiresAt }) => {
      const sender = senders[kind];
      if (sender === undefined) throw noSender(kind);
      const text = texts.text(site, code);
      try {
        await sender.send({ kind, address, code, expiresAt: new Date(expiresAt).toISOString(), text });
      } catch (thrown) {
        const reason = thrown instanceof NotSent || thrown instanceof ParleyError ? thrown.message : "it threw";
        log.warn({ kind, reason }, "a one-time code could not be sent");
        throw thrown instanceof NotSent && thrown.isRefused ? refused() : notSent(kind);
      }
    },
    check: async (wanted) =>
      await Promise.all(
        KINDS.filter((kind) => senders[kind] !== undefined || wanted.has(kind)).map(
          async (kind) => await checkOne(kind, senders[kind]),
        ),
      ),
  };
}

async function checkOne(kind: Kind, sender: Sender | undefined): Promise<Check> {
  const name = `codes by ${NAMES[kind]}`;
  const setting = `gateway.codes.${kind}`;
  if (sender === undefined) {
    const detail = `users get their codes by ${NAMES[kind]}, and nothing sends any: they cannot log in`;
    return { name, status: "error", detail, remedy: `Name a sender in ${setting}.` };
  }
  const remedy = `See ${setting}, and what it names.`;
  try {
    const done = await within(sender.check, { ms: CHECK_MS });
    if (done === undefined) return { name, status: "error", detail: `no answer within ${CHECK_MS / 1_000} s`, remedy };
    return { name, status: "ok", detail: done.value };
  } catch (thrown) {
    return { name, status: "error", detail: toError(thrown).message, remedy };
  }
}

function senderOf(setting: CodeSender, { site, locale, network, environment }: SendersOptions): Sender {
  if (setting.kind === "smtp")
    return createSmtpSender({
      url: () => setting.url.reveal(),
      from: setting.from,
      subject: codeTexts(locale).subject(site),
    });
  if (setting.kind === "webhook")
    return createWebhookSender({ url: setting.url, secret: () => setting.secret.reveal(), network, environment });
  return {
    send: async (message) => {
      const done = await within(
        async () => {
          await setting.send(message);
          return true;
        },
        { ms: SENDING_MS },
      );
      if (done === undefined) throw new NotSent(`the function did not end within ${SENDING_MS / 1_000} s`);
    },
    check: async () => "a function of bots.config.ts, which is not tried",
  };
}

function noSender(kind: Kind): ParleyError {
  return new ParleyError(
    "identity/no-sender",
    `This server sends no codes by ${NAMES[kind]}. Tell its operator: gateway.codes.${kind} names what does.`,
    { status: 503 },
  );
}

function notSent(kind: Kind): ParleyError {
  return new ParleyError(
    "identity/code-not-sent",
    `The code could not be sent by ${NAMES[kind]}. Ask for another in a minute; if that does not help, tell the operator of this server.`,
    { status: 503, retryable: true, retryAfterMs: WAIT_MS },
  );
}

function refused(): ParleyError {
  return new ParleyError("identity/contact-refused", "No code can be sent to this address: it was refused. Check it.", {
    status: 422,
  });
}
