/** A real mail server on this machine, which takes or refuses mail as a test wants. */
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { SMTPServer, type SMTPServerOptions } from "smtp-server";
import { onTestFinished } from "vitest";

export interface MailServer {
  readonly port: number;
  /** As they came, headers and all. */
  readonly mails: { readonly to: readonly string[]; readonly raw: string }[];
  readonly stop: () => Promise<void>;
}

export const MAIL_USER = { name: "bot", password: "p@ss word" };

/** An answer of the server, such as 451. */
export function smtpError(responseCode: number, message: string): Error {
  return Object.assign(new Error(message), { responseCode });
}

/** Starts one that wants `MAIL_USER` to log in; it ends with the test. */
export async function mailServer(options: SMTPServerOptions = {}): Promise<MailServer> {
  const mails: MailServer["mails"] = [];
  const server = new SMTPServer({
    logger: false,
    disabledCommands: ["STARTTLS"],
    allowInsecureAuth: true,
    onAuth: ({ username, password }, _session, done) =>
      username === MAIL_USER.name && password === MAIL_USER.password
        ? done(null, { user: username })
        : done(smtpError(535, "5.7.8 no such login")),
    onData: (stream, { envelope }, done) => {
      const to = envelope.rcptTo.map(({ address }) => address);
      const taken = text(stream).then((raw) => mails.push({ to, raw }));
      stream.once("end", () => void taken.finally(done));
    },
    ...options,
  });
  server.on("error", () => undefined);
  const listening = server.listen(0, "127.0.0.1");
  await once(listening, "listening");
  const address = listening.address();
  if (address === null || typeof address === "string") throw new Error("No port was found.");
  const stop = async (): Promise<void> => {
    if (!listening.listening) return;
    for (const { _socket: socket } of server.connections) socket?.destroy();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  };
  onTestFinished(stop);
  return { port: address.port, mails, stop };
}
