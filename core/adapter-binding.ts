/** Lets the framework hold adapters of every kind in one list, without knowing their settings or payload types. */
import type { z } from "zod";
import type {
  Adapter,
  AdapterContext,
  AdapterManifest,
  AdapterSession,
  Identity,
  Normalized,
  Outgoing,
  OutgoingAddress,
  Rendered,
  RenderOptions,
} from "./adapter.ts";
import { ADAPTER_API_VERSION } from "./adapter.ts";
import { guardedFetch } from "./attachments/guarded-fetch.ts";
import type { Check } from "./check.ts";
import { readSettings } from "./config/check-settings.ts";
import { needPackages } from "./config/missing-package.ts";
import { ParleyError } from "./errors.ts";
import type { KeptFiles } from "./files/files.ts";
import type { Network } from "./network/network.ts";
import type { Reply } from "./reply.ts";

/** A rendered payload that only its own adapter can read. */
export interface SealedPayload {
  readonly platform: string;
}

/** What the framework gives an adapter that connects; the rest of its context comes with its settings. */
export type ConnectContext = Omit<AdapterContext<never>, "settings" | "fetchFile">;

/** An adapter with its settings bound. */
export interface BoundAdapter {
  readonly manifest: AdapterManifest;
  readonly connection: AdapterManifest["connection"];
  /** `identity`: what the adapter learned when it connected; left out, it knows nothing of itself yet. */
  readonly normalize: (raw: unknown, accountName: string, identity?: Identity) => Normalized;
  readonly render: (reply: Reply, options: RenderOptions) => Rendered<SealedPayload>;
  readonly connect: (context: ConnectContext) => Promise<AdapterSession<SealedPayload>>;
  readonly probe: (network?: Network) => Promise<readonly Check[]>;
  readonly addresses: readonly OutgoingAddress[];
  readonly attachmentHosts: readonly string[];
}

/** How a bot writes labels, amounts and times. */
export type BotLanguage = Pick<RenderOptions, "locale" | "timeZone">;

/** Any adapter, before its settings are known. */
export interface AnyAdapter {
  readonly manifest: AdapterManifest;
  readonly configSchema: z.ZodType;
  readonly packages?: readonly string[] | undefined;
  readonly files?: readonly KeptFiles[] | undefined;
  readonly safeParts?: Adapter["safeParts"] | undefined;
  /** Validates the settings with the adapter's schema. Throws `SettingsError` with every fault when they do not fit. */
  readonly bind: (settings: unknown, language?: BotLanguage) => BoundAdapter;
}

/** The adapter was written for another version of the contract. */
export class AdapterVersionError extends ParleyError {
  override readonly name = "AdapterVersionError";

  constructor(platform: string, version: number) {
    const remedy =
      version < ADAPTER_API_VERSION
        ? "Install a newer version of the adapter; its author finds what changed in Parley's changelog."
        : "Update Parley, or install an older version of the adapter.";
    super(
      "adapter/version-mismatch",
      `Adapter "${platform}" was written for adapter API ${version}; this Parley speaks ${ADAPTER_API_VERSION}. ${remedy}`,
    );
  }
}

/** Turns a typed adapter into one the framework can hold. Throws `AdapterVersionError` on another API version. */
export function defineAdapter<Settings, Payload>(adapter: Adapter<Settings, Payload>): AnyAdapter {
  const { manifest } = adapter;
  if (manifest.apiVersion !== ADAPTER_API_VERSION)
    throw new AdapterVersionError(manifest.platform, manifest.apiVersion);
  return {
    manifest,
    configSchema: adapter.configSchema,
    packages: adapter.packages,
    files: adapter.files,
    safeParts: adapter.safeParts,
    bind: (settings, language = {}) =>
      bindAdapter(adapter, readSettings(adapter.configSchema, settings, manifest.platform), language),
  };
}

function bindAdapter<Settings, Payload>(
  adapter: Adapter<Settings, Payload>,
  settings: Settings,
  { locale, timeZone }: BotLanguage,
): BoundAdapter {
  const { manifest } = adapter;
  const payloads = new WeakMap<SealedPayload, Payload>();
  const seal = (payload: Payload): SealedPayload => {
    const sealed = { platform: manifest.platform };
    payloads.set(sealed, payload);
    return sealed;
  };
  const open = (outgoing: Outgoing<SealedPayload>): Outgoing<Payload> => {
    const payload = payloads.get(outgoing.payload);
    if (payload === undefined) {
      throw new ParleyError(
        "adapter/foreign-payload",
        `A payload was handed to "${manifest.platform}" that it did not render.`,
      );
    }
    return { ...outgoing, payload };
  };
  const attachmentHosts = adapter.attachmentHosts?.(settings) ?? manifest.attachmentHosts;
  // What the settings name is the admin's own: it may be a server on this machine.
  const allowLoopback = attachmentHosts.some((host) => !manifest.attachmentHosts.includes(host));
  return {
    manifest,
    connection: adapter.connection?.(settings) ?? manifest.connection,
    normalize: (raw, accountName, identity = { userIds: [] }) =>
      adapter.normalize(raw, { accountName, settings, identity }),
    render: (reply, options) => {
      const rendered = adapter.render(reply, { locale: reply.locale ?? locale, timeZone, ...options }, settings);
      return { ...rendered, parts: rendered.parts.map(seal) };
    },
    connect: async (context) => {
      needPackages(manifest.displayName, adapter.packages ?? []);
      const rules = {
        allowedHosts: attachmentHosts,
        allowLoopback,
        ...(context.network && { network: context.network }),
      };
      const session = await adapter.connect({
        ...context,
        settings,
        fetchFile: async (address, options) => await guardedFetch(address, { ...options, ...rules }),
      });
      return sealSession(session, open);
    },
    probe: async (network) => (await adapter.probe?.(settings, network)) ?? [],
    addresses: adapter.addresses?.(settings) ?? [],
    attachmentHosts,
  };
}

function sealSession<Payload>(
  session: AdapterSession<Payload>,
  open: (outgoing: Outgoing<SealedPayload>) => Outgoing<Payload>,
): AdapterSession<SealedPayload> {
  const { send, edit, preview, reconcile, ...rest } = session;
  return {
    ...rest,
    send: async (outgoing) => await send(open(outgoing)),
    ...(edit && { edit: async (outgoing, messageId) => await edit(open(outgoing), messageId) }),
    ...(preview && { preview: async (outgoing) => await preview(open(outgoing)) }),
    ...(reconcile && { reconcile: async (outgoing) => await reconcile(open(outgoing)) }),
  };
}
