import type { ConfigInput } from "./config.ts";

type Files = NonNullable<ConfigInput["files"]>;
type S3Options = Omit<Extract<Files, { readonly kind: "s3" }>, "kind">;

/** Files in a bucket, for more than one machine: `files: s3({ bucket: "my-bots", region: "eu-central-1" })`. */
export function s3(options: S3Options): Files {
  return { kind: "s3", ...options };
}
