/** A reaction under recommendations is a taste for what stands there. */
import type { Reaction } from "../../../core/bot.ts";
import type { CallContext, Capture } from "../ingestion/capture.ts";
import { Recommendation } from "../service/recommendation.ts";

const LIKING = /^(?:👍|❤|♥|🔥|🎉|👏|😍|🙏|💯|⭐|😀|😃|🙂|\+1|thumbsup|heart|tada|clap|fire|star)/u;
const DISLIKING = /^(?:👎|😡|🤬|💩|😕|🙁|☹|🤮|-1|thumbsdown)/u;

/** Notes it; one that was taken back, or that says nothing clear, is left alone. */
export async function noteReaction(
  { emoji, added, replies }: Reaction,
  context: CallContext,
  capture: Capture,
): Promise<void> {
  const products = replies.flatMap(({ cards = [] }) =>
    cards.flatMap(({ data }) => Recommendation.safeParse(data).data?.id ?? []),
  );
  if (!added || products.length === 0) return;
  const plain = emoji.replaceAll(":", "");
  if (LIKING.test(plain)) await capture.note("liked", products, context);
  else if (DISLIKING.test(plain)) await capture.note("disliked", products, context);
}
