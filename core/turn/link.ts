import type { Linking } from "../conversation/index.ts";
import type { InboundEvent } from "../event.ts";

/** `/link` asks for a code, a typed code joins, `/unlink` separates; undefined for any other text. */
export function createLinkStage(linking: Linking): (event: InboundEvent, text: string) => Promise<string | undefined> {
  return async (event, text) => {
    const identity = {
      account: event.account,
      userId: event.user.id,
      chatType: event.chat.type,
      eventId: event.id,
    };
    const asked = commandOf(event, text);
    if (asked === "link") return (await linking.startLink(identity)).text;
    if (asked === "unlink") return (await linking.unlink(identity)).text;
    return (await linking.tryRedeem(text, identity))?.text;
  };
}

/** Platforms without commands send `/link` as text. A command with words behind it is somebody else's. */
function commandOf(event: InboundEvent, text: string): string | undefined {
  if (event.type === "command") return event.text.trim() === "" ? event.name : undefined;
  return /^\/(link|unlink)$/u.exec(text.trim())?.[1];
}
