/** Tells whoever watches that something is out of the ordinary. */
import type { Environment } from "../../core/environment.ts";
import { describeError } from "../../core/errors.ts";
import type { Logger } from "../../core/telemetry.ts";
import type { AlertKind, Anomalies } from "./store/anomalies.ts";

/** Ids, counts and codes; never a name or an address. */
export interface RaisedAlert {
  readonly kind: AlertKind;
  readonly userId?: string;
  readonly detail: Readonly<Record<string, string | number>>;
}

/** Passes an alert on to people: by mail, a webhook, a channel. */
export type NotifyAlert = (alert: RaisedAlert & { readonly id: string; readonly at: number }) => Promise<void>;

/** Keeps the alert, logs it and passes it on. Never throws: whoever raises one has something else to do. */
export type RaiseAlert = (alert: RaisedAlert) => Promise<void>;

/** Makes the one way to raise an alert. */
export function createAlerts(parts: {
  readonly anomalies: Anomalies;
  readonly environment: Pick<Environment, "clock" | "newId">;
  readonly log: Logger;
  readonly notify?: NotifyAlert | undefined;
}): RaiseAlert {
  const { anomalies, environment, log, notify } = parts;
  return async ({ kind, userId, detail }) => {
    log.warn({ alert: kind, userId, ...detail }, "an anomaly of logins or sessions");
    try {
      const noted = { id: environment.newId(), at: environment.clock(), kind, ...(userId !== undefined && { userId }) };
      await anomalies.addAlert({ ...noted, detail: { ...detail } });
      await notify?.({ ...noted, detail });
    } catch (thrown) {
      log.error({ alert: kind, error: describeError(thrown) }, "an alert could not be kept or passed on");
    }
  };
}
