/** Made by `npm run client` from the OpenAPI document. Do not edit. */
export interface operations {}

export const calls = {} as const;
