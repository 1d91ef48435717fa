/** Notes what people do with products in chats, as far as they and the admin agreed to it. */
import { createHash } from "node:crypto";
import type { Clock } from "../../../core/environment.ts";
import { type Interaction, InteractionAction, type InteractionStore } from "../../../core/store/interactions/index.ts";
import type { Telemetry } from "../../../core/telemetry.ts";
import type { ToolContext } from "../../../core/tool.ts";
import { UNSHARED } from "../data/interaction-source.ts";
import { type Act, actOf } from "../data/weights.ts";
import { knownOf, type Profile } from "../service/profile.ts";
import type { Consent } from "./consent.ts";

export type CallContext = ToolContext & { readonly idempotencyKey: string };

export type Capture = ReturnType<typeof createCapture>;

export interface CaptureParts {
  readonly bot: string;
  readonly store: Pick<InteractionStore, "add" | "ofUser">;
  readonly consent: Consent;
  readonly profileOf: (person: string) => Promise<Profile | undefined>;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
}

/** What is said to be noted. */
const ANSWERS: ReadonlySet<Act> = new Set(["accepted", "dismissed"]);
/** The source of what may be learned from. */
const SHARED = "chat";
/** How far back the showing of a product is looked for. */
const LOOK_BACK = 100;

/** Makes the capture of one bot. */
export function createCapture(parts: CaptureParts) {
  const { bot, store, consent, clock, telemetry } = parts;
  return {
    /**
     * Notes an act on products. The same key notes it once, however often a turn is repeated. An answer to a
     * recommendation is noted for the person in any case, since it was given to be noted; nobody learns from it without
     * consent.
     */
    note: async (
      act: Act,
      productIds: readonly string[],
      context: CallContext,
      modelVersion?: string,
    ): Promise<void> => {
      if (productIds.length === 0) return;
      const mayLearn = await consent.mayLearnFrom(context.person);
      if (!mayLearn && !ANSWERS.has(act)) return;
      const now = new Date(clock()).toISOString();
      const version = modelVersion ?? (await versionThatShowed(productIds, context.person, store));
      const profile = (await parts.profileOf(context.person)) ?? {};
      const interaction: Interaction = {
        id: createHash("sha256").update(`${context.idempotencyKey}\n${act}`).digest("hex"),
        source: mayLearn ? SHARED : UNSHARED,
        userId: context.person,
        ...customerOf(profile, context.person),
        sessionId: context.conversation,
        ...kindOf(act),
        timestamp: now,
        receivedAt: now,
        productIds: [...productIds],
        ...(mayLearn && { demographics: knownOf(profile, clock()) }),
        ...(version !== undefined && { modelVersion: version }),
      };
      const added = await store.add([interaction]);
      if (added > 0) telemetry.metrics.recommendation({ bot, model: version ?? "none", action: act });
    },
  };
}

function kindOf(act: Act): Pick<Interaction, "type" | "action"> {
  const action = InteractionAction.safeParse(act);
  if (action.success) return { type: "interaction", action: action.data };
  return { type: act === "view" || act === "comparison" || act === "search" ? act : "interaction" };
}

/** An answer counts for the version that showed the product. */
async function versionThatShowed(
  productIds: readonly string[],
  person: string,
  store: Pick<InteractionStore, "ofUser">,
): Promise<string | undefined> {
  const history = await store.ofUser(person, LOOK_BACK);
  const showing = history.findLast(
    (one) => actOf(one) === "shown" && one.productIds.some((product) => productIds.includes(product)),
  );
  return showing?.modelVersion;
}

/** The bank's id of a linked person: what is done here is theirs there as well. */
function customerOf({ customerId }: Profile, person: string): Pick<Interaction, "customerId"> {
  return customerId === undefined || customerId === person ? {} : { customerId };
}
