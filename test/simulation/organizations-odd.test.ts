import { test } from "vitest";
import { runShare } from "./run-seeds.ts";

// eslint-disable-next-line vitest/expect-expect -- the share expects
test("organizations of odd seeds come to rest in a sound world, whatever faults they met", () => runShare({ part: 1, of: 2 }));
