/** What sends one-time codes in an installation, and for `doctor` whether it can. */
import type { Check } from "../../core/check.ts";
import type { LoadedConfig } from "../../core/config/index.ts";
import type { Databases } from "../../core/store/databases.ts";
import { contactKinds, createSenders, openIdentityStore, type Senders } from "../../gateway/identity/index.ts";
import { identitySealer } from "./identity-sealer.ts";

type SendersOptions = Parameters<typeof createSenders>[0];
type Parts = Pick<SendersOptions, "network" | "environment" | "log">;

/** As people know the installation. */
export function siteName({ config }: LoadedConfig): string {
  return config.gateway.hosts[0] ?? "Parley";
}

/** Undefined where none is named. */
export function sendersOf(loaded: LoadedConfig, parts: Parts): Senders | undefined {
  const { mail, sms } = loaded.config.gateway.codes;
  return mail === undefined && sms === undefined ? undefined : create(loaded, parts);
}

/** Tries each that is named, and tells of those that users need. */
export async function checkCodes(
  loaded: LoadedConfig,
  { databases, ...parts }: Parts & { readonly databases: Databases },
): Promise<readonly Check[]> {
  await databases.sealing.ready();
  const store = await openIdentityStore(databases);
  try {
    const wanted = await contactKinds({ store, sealer: identitySealer(databases.sealing) });
    return await create(loaded, parts).check(wanted);
  } finally {
    await store.close();
  }
}

function create(loaded: LoadedConfig, { network, environment, log }: Parts): Senders {
  const { config } = loaded;
  const locale = Object.values(config.bots)[0]?.locale ?? "en";
  return createSenders({ senders: config.gateway.codes, site: siteName(loaded), locale, network, environment, log });
}
