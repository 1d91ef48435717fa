/** What a reply looks like as messages of one platform, the same each time it is asked for. */
import type { Capabilities, Degradation, Rendered } from "../adapter.ts";
import type { BoundAdapter, SealedPayload } from "../adapter-binding.ts";
import type { Reply } from "../reply.ts";
import { type SplitText, fragmentsOf } from "./fragments.ts";

export interface Parts {
  /** In order; never empty. */
  readonly payloads: readonly SealedPayload[];
  readonly degraded: readonly Degradation[];
  readonly numberedChoices: boolean;
}

export interface RenderParts {
  /** `plainFrom`: the first message that must be plain text; the ones before it were sent with markup. */
  readonly parts: (plainFrom?: number) => Parts;
}

/** The part of an adapter that rendering needs. */
export type Renderer = Pick<BoundAdapter, "manifest" | "render">;

/** Renders a reply. Pure, so that any process arrives at the same messages for the same reply. */
export function renderParts(reply: Reply, adapter: Renderer, splitText: SplitIn): RenderParts {
  const { capabilities } = adapter.manifest;
  const known = new Map<Reply, Rendered<SealedPayload>>();
  const rich = (fragment: Reply): Rendered<SealedPayload> => {
    const rendered = known.get(fragment) ?? adapter.render(fragment, { capabilities, plain: false });
    known.set(fragment, rendered);
    return rendered;
  };
  const fragments = fragmentsOf(reply, {
    text: capabilities.text,
    split: splitText(capabilities.text),
    count: (fragment) => rich(fragment).parts.length,
  }).map((fragment) => ({ fragment, rich: rich(fragment) }));

  function assemble(plainFrom: number): Parts {
    const rendered: Rendered<SealedPayload>[] = [];
    const payloads: SealedPayload[] = [];
    for (const each of fragments) {
      if (payloads.length + each.rich.parts.length <= plainFrom) {
        rendered.push(each.rich);
        payloads.push(...each.rich.parts);
        continue;
      }
      const plain = adapter.render(each.fragment, { capabilities, plain: true });
      rendered.push(plain);
      payloads.push(...continued(each.rich.parts, plain.parts, Math.max(0, plainFrom - payloads.length)));
    }
    return {
      payloads,
      degraded: distinct(rendered.flatMap((one) => one.degraded)),
      numberedChoices: rendered.some((one) => one.numberedChoices === true),
    };
  }

  let latest: { readonly plainFrom: number; readonly parts: Parts } | undefined;
  return {
    parts: (plainFrom = Number.POSITIVE_INFINITY) => {
      if (latest?.plainFrom !== plainFrom) latest = { plainFrom, parts: assemble(plainFrom) };
      return latest.parts;
    },
  };
}

/** Cuts Markdown by a platform's way of counting. */
export type SplitIn = (text: Capabilities["text"]) => SplitText;

/**
 * A fragment whose markup was refused after `sent` of its messages. Nearly always that is 0. A fragment that the
 * adapter shows as several messages goes on at the same place when plain text takes as many; otherwise it is said
 * again from its beginning, because a repeated line is better than a lost one.
 */
function continued(
  rich: readonly SealedPayload[],
  plain: readonly SealedPayload[],
  sent: number,
): readonly SealedPayload[] {
  return [...rich.slice(0, sent), ...plain.slice(rich.length === plain.length ? sent : 0)];
}

function distinct(degraded: readonly Degradation[]): readonly Degradation[] {
  const seen = new Map(degraded.map((one) => [`${one.feature}\n${one.shownAs}`, one]));
  return [...seen.values()];
}
