import { Failure } from "../../src/core/shared/failure.ts";
import { startDatabase } from "../../src/adapters/postgres/supervisor.ts";

/** Starts the database of `XVC_HOME`, with the binaries the first argument names, says so in one line, and stays until it is killed. */
async function main(): Promise<void> {
  try {
    const [, , nativeDirectory] = process.argv;
    const options = nativeDirectory === undefined ? {} : { nativeDirectory };
    const { adopted, urls, dataDirectory } = await startDatabase({ environment: process.env, fsync: "off", ...options });
    process.stdout.write(`${JSON.stringify({ adopted, app: urls.app, dataDirectory })}\n`);
    setInterval(() => undefined, 60_000);
  } catch (error) {
    const code = error instanceof Failure ? error.code : "unknown";
    process.stdout.write(`${JSON.stringify({ failure: code, message: String(error) })}\n`);
  }
}

await main();
