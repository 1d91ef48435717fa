/** What a reply looks like as messages of one platform, the same each time it is asked for. */
import type { Capabilities, Degradation, Rendered } from "../adapter.ts";
import type { BoundAdapter, SealedPayload } from "../adapter-binding.ts";
import { ParleyError } from "../errors.ts";
import type { Reply } from "../reply.ts";
import { briefError } from "./brief-error.ts";
import { type SplitText, fragmentsOf } from "./fragments.ts";
import { withoutFile } from "./without-file.ts";

export interface Parts {
  /** In order; never empty. */
  readonly payloads: readonly SealedPayload[];
  /** Of each payload, whether its platform may refuse a file of it. */
  readonly withFiles: readonly boolean[];
  readonly degraded: readonly Degradation[];
  readonly numberedChoices: boolean;
}

/** What the platform refused so far. */
export interface Refusals {
  /** The first message that must be plain text; the ones before it were sent with markup. */
  readonly plainFrom?: number | undefined;
  /** Messages whose file was refused, in the order in which they were. */
  readonly refusedAt?: readonly number[] | undefined;
}

export interface RenderParts {
  readonly parts: (refusals: Refusals) => Parts;
}

/** The part of an adapter that rendering needs. */
export type Renderer = Pick<BoundAdapter, "manifest" | "render">;

/** A fragment; `take`: only its first messages, the others were replaced. */
interface Piece {
  readonly fragment: Reply;
  readonly take?: number;
}

interface Shown extends Piece {
  readonly rendered: Rendered<SealedPayload>;
  readonly payloads: readonly SealedPayload[];
}

/** Renders a reply. Pure, so that any process arrives at the same messages for the same reply. */
export function renderParts(
  reply: Reply,
  adapter: Renderer,
  { split, locale }: { readonly split: SplitText; readonly locale?: string | undefined },
): RenderParts {
  const { capabilities } = adapter.manifest;
  const known = new Map<Reply, Rendered<SealedPayload>>();
  const rich = (fragment: Reply): Rendered<SealedPayload> => {
    const rendered = known.get(fragment) ?? renderedSomehow(fragment, adapter);
    known.set(fragment, rendered);
    return rendered;
  };
  const fragments = fragmentsOf(reply, {
    text: capabilities.text,
    split,
    count: (fragment) => rich(fragment).parts.length,
  });

  function show(pieces: readonly Piece[], plainFrom: number): readonly Shown[] {
    let start = 0;
    const shown: Shown[] = [];
    for (const piece of pieces) {
      const { fragment, take = Number.POSITIVE_INFINITY } = piece;
      const { parts } = rich(fragment);
      const isRich = start + Math.min(take, parts.length) <= plainFrom;
      const rendered = isRich ? rich(fragment) : renderedAs(fragment, adapter, { plain: true });
      const whole = isRich ? parts : continued(parts, rendered.parts, Math.max(0, plainFrom - start));
      const payloads = whole.slice(0, take);
      start += payloads.length;
      shown.push({ ...piece, rendered, payloads });
    }
    return shown;
  }

  let latest: { readonly key: string; readonly parts: Parts } | undefined;
  return {
    parts: ({ plainFrom = Number.POSITIVE_INFINITY, refusedAt = [] }) => {
      const key = `${plainFrom}:${refusedAt.join()}`;
      if (latest?.key === key) return latest.parts;
      let pieces: readonly Piece[] = fragments.map((fragment) => ({ fragment }));
      for (const part of refusedAt) pieces = replaced(show(pieces, plainFrom), part, locale);
      latest = { key, parts: joined(show(pieces, plainFrom), refusedAt.length > 0) };
      return latest.parts;
    },
  };
}

/** As plain text where the adapter cannot render it otherwise: a plain answer is better than none. */
function renderedSomehow(reply: Reply, adapter: Renderer): Rendered<SealedPayload> {
  try {
    return renderedAs(reply, adapter, { plain: false });
  } catch (thrown) {
    const rendered = renderedAs(reply, adapter, { plain: true });
    const shownAs = `plain text, as the adapter could not render it (${briefError(thrown)})`;
    return { ...rendered, degraded: [...rendered.degraded, { feature: "markup", shownAs }] };
  }
}

function renderedAs(reply: Reply, adapter: Renderer, { plain }: { readonly plain: boolean }): Rendered<SealedPayload> {
  const { capabilities, platform } = adapter.manifest;
  const rendered = adapter.render(reply, { capabilities, plain });
  if (rendered.parts.length > 0) return rendered;
  throw new ParleyError(
    "adapter/rendered-nothing",
    `${platform}: "render" gave no message for a reply. Give at least one.`,
  );
}

function joined(shown: readonly Shown[], isFileRefused: boolean): Parts {
  const payloads: SealedPayload[] = [];
  const withFiles: boolean[] = [];
  const degraded = new Map<string, Degradation>();
  let numberedChoices = false;
  for (const { fragment, rendered, payloads: ofPiece } of shown) {
    payloads.push(...ofPiece);
    for (const _ of ofPiece) withFiles.push((fragment.files ?? []).length > 0);
    for (const one of rendered.degraded) degraded.set(`${one.feature}\n${one.shownAs}`, one);
    if (rendered.numberedChoices === true) numberedChoices = true;
  }
  const more = isFileRefused ? [FILE_REFUSED] : [];
  return { payloads, withFiles, degraded: [...degraded.values(), ...more], numberedChoices };
}

const FILE_REFUSED: Degradation = { feature: "files", shownAs: "sent apart, or a line that one could not be attached" };

/** The pieces after the file of this message was refused. What was sent before it stays as it is. */
function replaced(shown: readonly Shown[], part: number, locale: string | undefined): readonly Piece[] {
  let start = 0;
  return shown.flatMap(({ fragment, take, payloads }): readonly Piece[] => {
    const sent = part - start;
    start += payloads.length;
    if (sent < 0 || sent >= payloads.length) return [take === undefined ? { fragment } : { fragment, take }];
    const begun: readonly Piece[] = sent === 0 ? [] : [{ fragment, take: sent }];
    return [...begun, ...withoutFile(fragment, { locale, isBegun: sent > 0 }).map((one) => ({ fragment: one }))];
  });
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
