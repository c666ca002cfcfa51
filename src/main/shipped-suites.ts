import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { type SuiteFields, readSuite } from "../core/personas/suite.ts";
import { Failure } from "../core/shared/failure.ts";
import type { Json } from "../core/shared/json.ts";

/** The suites that ship with a division, by the name of their file. @throws {Failure} `library.bad-suite` */
export async function shippedSuites(directory: string): Promise<readonly SuiteFields[]> {
  const folder = path.join(directory, "suites");
  const files = (await readdir(folder)).filter((file) => file.endsWith(".json")).sort();
  return Promise.all(
    files.map(async (file) => {
      const read = readSuite(JSON.parse(await readFile(path.join(folder, file), "utf8")) as Json, "shipped"); // JSON.parse gives JSON
      if (read.kind === "problems") throw new Failure("bug", "library.bad-suite", { message: `${file}: ${read.problems.join(" ")}` });
      return read.suite;
    }),
  );
}
