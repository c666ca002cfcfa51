import { createRequire } from "node:module";
import type * as Library from "@cedar-policy/cedar-wasm/nodejs";

type Cedar = typeof Library;

const require = createRequire(import.meta.url);
let loaded: Cedar | undefined;

/** The WebAssembly library, compiled at its first use (about 40 ms) and not before. */
export function cedar(): Cedar {
  loaded ??= require("@cedar-policy/cedar-wasm/nodejs") as Cedar; // a CommonJS build: its own types say what it exports
  return loaded;
}
