import { createHmac } from "node:crypto";

/** The signature of a thinking block: bound to the model and to the block's text, as on the real API. */
export function signatureOf(model: string, thinking: string): string {
  return `Eq${createHmac("sha256", "local-messages-api").update(`${model}\n${thinking}`).digest("base64")}`;
}

/** Whether a block comes back unchanged and to the model that wrote it. */
export function isSignatureOf(signature: string, model: string, thinking: string): boolean {
  return signature === signatureOf(model, thinking);
}
