/** What a test of kept things runs on: SQLite files, and a real PostgreSQL that is started once for the file. */
import { usePostgres } from "./use-postgres.ts";
import { placeAt, type TestPlace } from "./test-place.ts";

export interface TestEngine {
  readonly name: string;
  readonly place: (folder: string) => Promise<TestPlace>;
}

/** Both engines, for `describe.each`. Call it once, at the top of a test file. */
export function testEngines(): readonly TestEngine[] {
  const server = usePostgres();
  return [
    { name: "SQLite", place: async (folder) => placeAt(folder) },
    {
      name: "PostgreSQL",
      place: async (folder) => {
        return placeAt(folder, await server().createDatabase());
      },
    },
  ];
}
