import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { Command } from "commander";
import { colors } from "../colors.ts";
import { z } from "zod";
import { ADAPTER_API_VERSION } from "../../core/adapter.ts";
import { PlatformName } from "../../core/conversation-id.ts";
import { ParleyError } from "../../core/errors.ts";
import { CommonOptions, optionsOf } from "../options.ts";
import { print } from "../output.ts";

const TEMPLATES = fileURLToPath(new URL("../templates/adapter/", import.meta.url));
const SUFFIX = ".template";

/** The package cannot be made as it was asked for. */
class CreateRefusedError extends ParleyError {
  override readonly name = "CreateRefusedError";

  constructor(code: "bad-name" | "directory-in-use", message: string) {
    super(`cli/${code}`, message);
  }
}

/** `parley create adapter <name>`: a package with the conformance kit wired, red where something is missing. */
export function addCreateCommand(create: Command): void {
  create
    .command("adapter")
    .description("creates an adapter package: manifest, settings, skeleton, fixtures and the conformance kit")
    .argument("<name>", "the platform's name: lower-case letters, digits and dashes")
    .option("--directory <directory>", "where to put it; parley-adapter-<name> when left out")
    .action(async (name: string, _options, command: Command) => {
      const options = optionsOf(command, CommonOptions.extend({ directory: z.string().optional() }));
      const directory = resolve(options.directory ?? `parley-adapter-${name}`);
      const files = await createAdapterPackage(name, directory);
      for (const file of files) print(`  ${colors.dim(file)}`);
      print(`\n${colors.bold(directory)} is ready. Next:\n`);
      print(`  cd ${directory} && npm install && npm test    ${colors.dim("# red: the list of what is missing")}`);
    });
}

const SHIPPED: ReadonlySet<string> = new Set(["console", "discord", "slack", "telegram", "web", "whatsapp"]);

/** Writes the package; gives its files. Throws `cli/bad-name` and `cli/directory-in-use`, and writes nothing then. */
export async function createAdapterPackage(name: string, directory: string): Promise<readonly string[]> {
  if (!PlatformName.safeParse(name).success) {
    throw new CreateRefusedError(
      "bad-name",
      `"${name}" is no platform name. Use lower-case letters, digits and dashes.`,
    );
  }
  if (SHIPPED.has(name)) {
    throw new CreateRefusedError(
      "bad-name",
      `Parley has an adapter for "${name}". Name yours otherwise, such as my-${name}.`,
    );
  }
  const present = await readdir(directory).catch(() => []);
  if (present.length > 0) {
    throw new CreateRefusedError("directory-in-use", `${directory} is not empty. Name another one with --directory.`);
  }
  const files = await readdir(TEMPLATES, { recursive: true });
  const templates = files.filter((file) => file.endsWith(SUFFIX)).toSorted();
  for (const template of templates) {
    const target = join(directory, template.slice(0, -SUFFIX.length));
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, filled(await readFile(join(TEMPLATES, template), "utf8"), name));
  }
  return templates.map((template) => template.slice(0, -SUFFIX.length));
}

function filled(template: string, name: string): string {
  const words = name.split("-").filter((word) => word !== "");
  const capital = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join("");
  const values: Readonly<Record<string, string>> = {
    name,
    Name: capital,
    camel: capital.charAt(0).toLowerCase() + capital.slice(1),
    UPPER: name.toUpperCase().replaceAll("-", "_"),
    adapterApi: String(ADAPTER_API_VERSION),
  };
  return template.replaceAll(/\{\{(\w+)\}\}/gu, (whole, key: string) => values[key] ?? whole);
}
