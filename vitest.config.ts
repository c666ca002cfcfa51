import { existsSync } from "node:fs";
import { defineConfig } from "vitest/config";
import { tallyReporter } from "./scripts/suites/tally-reporter.ts";

const tallyFile = process.env["XVC_TALLY_FILE"];
const databaseServer = "test/support/database-server.ts";
const database = existsSync(databaseServer) ? { globalSetup: [databaseServer] } : {};
const databaseAndPage = existsSync(databaseServer) ? { globalSetup: [databaseServer, "test/support/page-folder.ts"] } : {};
/** How much a suite does: the volume of every test run, or the one of a release. */
const torture = process.env["XVC_TEST_VOLUME"] === "torture";
const minuteMs = 60_000;

export default defineConfig({
  test: {
    reporters: tallyFile === undefined ? ["default"] : ["dot", tallyReporter(tallyFile)],
    passWithNoTests: true,
    // A port, a name or a row left over by one file must never decide another: files share nothing but the database server.
    pool: "forks",
    maxWorkers: 2,
    coverage: {
      provider: "v8",
      include: ["src/core/**/*.ts"],
      exclude: ["**/*.test.ts"],
      reporter: ["text", "json-summary"],
      thresholds: { branches: 100 },
    },
    projects: [
      {
        test: {
          name: "unit",
          include: ["src/**/*.test.ts", "verify/**/*.test.ts", "bench/**/*.test.ts", "scripts/**/*.test.ts"],
          exclude: ["**/*.db.test.ts", "**/*.web.test.*"],
        },
      },
      { test: { name: "structure", include: ["test/structure/**/*.test.ts", "test/launcher/**/*.test.ts"], testTimeout: minuteMs } },
      {
        test: {
          name: "db",
          include: ["src/**/*.db.test.ts", "verify/**/*.db.test.ts", "test/conformance/**/*.test.ts"],
          ...database,
          testTimeout: minuteMs / 2,
          hookTimeout: minuteMs,
        },
      },
      {
        test: {
          name: "crash",
          include: ["test/crash/**/*.test.ts"],
          ...database,
          testTimeout: torture ? 600 * minuteMs : 10 * minuteMs,
          hookTimeout: 2 * minuteMs,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: "simulation",
          include: ["test/simulation/**/*.test.ts"],
          ...database,
          testTimeout: torture ? 600 * minuteMs : 5 * minuteMs,
          hookTimeout: 2 * minuteMs,
        },
      },
      {
        test: {
          name: "web",
          include: ["src/**/*.web.test.tsx"],
          ...databaseAndPage,
          testTimeout: 3 * minuteMs,
          hookTimeout: 3 * minuteMs,
        },
      },
      {
        test: {
          name: "e2e",
          include: ["test/e2e/**/*.test.ts"],
          ...database,
          testTimeout: 3 * minuteMs,
          hookTimeout: 3 * minuteMs,
          // Whole installations with bars of time: one after the other, once the pages are done.
          fileParallelism: false,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
