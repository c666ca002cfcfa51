/* `npm run ci`: everything, exactly as CI runs it: what `npm test` would skip is a failure here. */
import process from "node:process";

process.env["CI"] = "true";
await import("./test.ts");
