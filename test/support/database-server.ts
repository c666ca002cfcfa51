import { enterTestRun, leaveTestRun } from "./test-database.ts";

/** Vitest's global setup of every project that needs Postgres. */
export async function setup(): Promise<void> {
  await enterTestRun();
}

export async function teardown(): Promise<void> {
  await leaveTestRun();
}
