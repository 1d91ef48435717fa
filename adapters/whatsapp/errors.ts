import { ParleyError } from "../../core/errors.ts";

/** The Graph API does not accept the access token. */
export class TokenRefusedError extends ParleyError {
  override readonly name = "TokenRefusedError";

  constructor(cause?: unknown) {
    super(
      "whatsapp/token-refused",
      "WhatsApp's Graph API refuses the access token. Make a new one for the system user (permission whatsapp_business_messaging) in the Meta Business settings and set it.",
      { cause },
    );
  }
}

/** The Graph API knows no such number, or the token may not use it. */
export class NumberRefusedError extends ParleyError {
  override readonly name = "NumberRefusedError";

  constructor(detail: string) {
    super(
      "whatsapp/number-refused",
      `WhatsApp's Graph API does not give this token the phone number id (${detail}). Take the "Phone number ID" of WhatsApp > API setup in the Meta app, and assign the number to the system user.`,
    );
  }
}

/** The Graph API does not answer. */
export class GraphUnreachableError extends ParleyError {
  override readonly name = "GraphUnreachableError";

  constructor(detail: string, cause?: unknown) {
    super("whatsapp/graph-unreachable", `WhatsApp's Graph API does not answer (${detail}); it is tried again.`, {
      retryable: true,
      cause,
    });
  }
}

/** A webhook came without Meta's signature over exactly these bytes. */
export class SignatureError extends ParleyError {
  override readonly name = "SignatureError";

  constructor() {
    super(
      "whatsapp/signature",
      "This webhook is not signed with the app's secret. If it comes from Meta, appSecret is not the secret of the app that sends it.",
      { status: 401 },
    );
  }
}

/** Meta's check of the webhook's address came with another verify token. */
export class VerifyTokenError extends ParleyError {
  override readonly name = "VerifyTokenError";

  constructor() {
    super(
      "whatsapp/verify-token",
      "The verify token is not the one of this account: type the account's verifyToken beside the webhook's address in the Meta app.",
      { status: 403 },
    );
  }
}

/** The optional package for WhatsApp Web is not there. */
export class LibraryMissingError extends ParleyError {
  override readonly name = "LibraryMissingError";

  constructor(cause?: unknown) {
    super(
      "whatsapp/library-missing",
      "WhatsApp Web needs the package whatsapp-web.js, which is not installed. Run: npm install whatsapp-web.js@1.34.7",
      { cause },
    );
  }
}

/** No browser for WhatsApp Web. */
export class ChromiumMissingError extends ParleyError {
  override readonly name = "ChromiumMissingError";

  constructor() {
    super(
      "whatsapp/chromium-missing",
      "WhatsApp Web needs Chromium or Chrome, and none was found. Install it (Debian: apt-get install chromium), or set chromium to its path.",
    );
  }
}

/** WhatsApp Web did not start. */
export class BrowserFailedError extends ParleyError {
  override readonly name = "BrowserFailedError";

  constructor(reason: string, detail: string) {
    super("whatsapp/browser-failed", `WhatsApp Web could not be started (${reason}): ${detail}. Run: parley doctor`, {
      retryable: true,
    });
  }
}
