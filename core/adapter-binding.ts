/** Lets the framework hold adapters of every kind in one list, without knowing their settings or payload types. */
import type { z } from "zod";
import type {
  Adapter,
  AdapterContext,
  AdapterManifest,
  AdapterSession,
  Normalized,
  Outgoing,
  Rendered,
  RenderOptions,
} from "./adapter.ts";
import { ADAPTER_API_VERSION } from "./adapter.ts";
import type { Check } from "./check.ts";
import { ParleyError } from "./errors.ts";
import type { Reply } from "./reply.ts";

/** A rendered payload that only its own adapter can read. */
export interface SealedPayload {
  readonly platform: string;
}

/** An adapter with its settings bound. */
export interface BoundAdapter {
  readonly manifest: AdapterManifest;
  readonly connection: AdapterManifest["connection"];
  readonly normalize: (raw: unknown, accountName: string) => Normalized;
  readonly render: (reply: Reply, options: RenderOptions) => Rendered<SealedPayload>;
  readonly connect: (context: Omit<AdapterContext<never>, "settings">) => Promise<AdapterSession<SealedPayload>>;
  readonly probe: () => Promise<readonly Check[]>;
}

/** Any adapter, before its settings are known. */
export interface AnyAdapter {
  readonly manifest: AdapterManifest;
  readonly configSchema: z.ZodType;
  /** Validates the settings with the adapter's schema. Throws `ZodError` when they do not fit. */
  readonly bind: (settings: unknown) => BoundAdapter;
}

/** The adapter was written for another version of the contract. */
export class AdapterVersionError extends ParleyError {
  override readonly name = "AdapterVersionError";

  constructor(platform: string, version: number) {
    super(
      "adapter/version-mismatch",
      `Adapter "${platform}" was written for adapter API ${version}; this Parley speaks ${ADAPTER_API_VERSION}. Install a version of the adapter for API ${ADAPTER_API_VERSION}.`,
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
    bind: (settings) => bindAdapter(adapter, adapter.configSchema.parse(settings)),
  };
}

function bindAdapter<Settings, Payload>(adapter: Adapter<Settings, Payload>, settings: Settings): BoundAdapter {
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
  return {
    manifest,
    connection: adapter.connection?.(settings) ?? manifest.connection,
    normalize: (raw, accountName) => adapter.normalize(raw, { accountName, settings }),
    render: (reply, options) => {
      const rendered = adapter.render(reply, options, settings);
      return { ...rendered, parts: rendered.parts.map(seal) };
    },
    connect: async (context) => {
      const session = await adapter.connect({ ...context, settings });
      return sealSession(session, open);
    },
    probe: async () => (await adapter.probe?.(settings)) ?? [],
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
