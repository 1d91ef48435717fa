/** A producer process: the receiving half of an adapter. Hands events in by the real intake and says what came of it. */
import { createIntake } from "../../../core/intake/intake.ts";
import { BrokerUnavailableError, MailboxFullError } from "../../../core/broker/errors.ts";
import { createStore } from "../../../core/store/create-store.ts";
import { silentTelemetry } from "../../../core/silent-telemetry.ts";
import { loggingTelemetry } from "../notes.ts";
import { accountOn, BOT, jumpingEnvironment, openBroker, openDatabases, platformOf, readSpec } from "../road.ts";
import type { EventDraft } from "../../../core/event.ts";
import type { AcceptCommand } from "./control.ts";
import { Command, tell } from "./control.ts";

const spec = readSpec();
const environment = jumpingEnvironment(spec);
const telemetry = loggingTelemetry(spec.directory, "producer");
const broker = await openBroker(spec, { environment, telemetry });
const databases = await openDatabases(spec);
const store = await createStore(databases.open("store.sqlite"), { environment, telemetry, sealing: databases.sealing });
const intakes = {
  keyed: intakeOf("keyed"),
  plain: intakeOf("plain"),
};

function intakeOf(platform: "keyed" | "plain") {
  return createIntake({
    account: accountOn(platform),
    bot: BOT,
    burstMs: () => 0,
    broker,
    store,
    environment,
    telemetry: silentTelemetry,
  });
}

function draftOf({ chat, key, text, confirms }: AcceptCommand): EventDraft {
  const common = {
    key,
    messageId: key,
    chat: { id: chat, type: "direct" },
    user: { id: `user-${chat}` },
    timestamp: new Date(environment.clock()).toISOString(),
  } as const;
  return confirms === undefined
    ? { ...common, type: "message", text }
    : // With the button's own words, as platforms hand a press in: any others would be a code that was given.
      { ...common, type: "action", choiceId: `confirm:${confirms}`, value: text.replace(/^#\S+ /u, "") };
}

async function accept(command: AcceptCommand): Promise<void> {
  const { call, chat } = command;
  const startedAt = performance.now();
  const answer = (status: "ok" | "info" | "fail", sequence?: number, error?: string): void =>
    tell({ is: "answer", call, status, sequence, error, milliseconds: performance.now() - startedAt });
  try {
    const accepted = await intakes[platformOf(chat)]({ event: draftOf(command) });
    answer("ok", accepted?.status === "accepted" ? accepted.sequence : undefined);
  } catch (thrown) {
    const error = thrown instanceof Error ? thrown.name : "unknown";
    if (thrown instanceof BrokerUnavailableError) answer("info", undefined, error);
    else if (thrown instanceof MailboxFullError) answer("fail", undefined, error);
    else throw thrown;
  }
}

process.on("message", (raw) => {
  const command = Command.parse(raw);
  if (command.do === "accept") void accept(command);
  if (command.do === "jump") environment.jump(command.offsetMs);
});
process.on("disconnect", () => process.exit(0));
process.once("SIGTERM", () => {
  void broker.close().then(() => process.exit(0));
});
tell({ is: "ready" });
