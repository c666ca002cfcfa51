import { createHash } from "node:crypto";
import { readFile, realpath, stat } from "node:fs/promises";
import { extname, join, sep } from "node:path";
import type { Context } from "hono";

/** Own scripts and styles only; nothing from elsewhere, nothing inline, no document that embeds us. */
export const pagePolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "worker-src 'self'",
  "manifest-src 'self'",
  "frame-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
].join("; ");

const types: { readonly [extension: string]: string } = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".ico": "image/x-icon",
  ".woff2": "font/woff2",
  ".json": "application/json",
  ".txt": "text/plain; charset=utf-8",
  ".webmanifest": "application/manifest+json",
  ".wasm": "application/wasm",
};

const maxFileBytes = 16 * 1024 * 1024;

/**
 * Serves the built page: files as they are, every other path the page itself, whose router shows the right screen.
 * Undefined: nothing is built, or the path is no page's.
 */
export async function sendStatic(directory: string, context: Context): Promise<Response | undefined> {
  const path = context.req.path;
  const wanted = /^\/[A-Za-z0-9_./@-]*$/u.test(path) && !path.includes("..") ? await readWithin(directory, path) : undefined;
  if (wanted !== undefined) return respond(context, wanted, path);
  // A missing file is missing; a label with a dot in it (`/task/ENG-1/v1.2`) is a page.
  if (extname(path) !== "" && (path.startsWith("/assets/") || !path.includes("/", 1))) return undefined;
  const page = await readWithin(directory, "/index.html");
  return page === undefined ? undefined : respond(context, page, "/index.html");
}

async function readWithin(directory: string, path: string): Promise<Buffer | undefined> {
  try {
    const root = await realpath(directory);
    const file = await realpath(join(root, path));
    if (!file.startsWith(root + sep)) return undefined;
    const about = await stat(file);
    return about.isFile() && about.size <= maxFileBytes ? await readFile(file) : undefined;
  } catch {
    // No such file: the caller answers with the page or with not-found.
    return undefined;
  }
}

function respond(context: Context, bytes: Buffer, path: string): Response {
  const etag = `"${createHash("sha256").update(bytes).digest("hex").slice(0, 32)}"`;
  const headers: Record<string, string> = {
    "content-type": types[extname(path)] ?? "application/octet-stream",
    // Names of built assets carry their hash; everything else is asked for again.
    "cache-control": path.startsWith("/assets/") ? "public, max-age=31536000, immutable" : "no-cache",
    etag,
    "content-security-policy": pagePolicy,
    "x-frame-options": "DENY",
  };
  if (context.req.header("if-none-match") === etag) return new Response(null, { status: 304, headers });
  return new Response(new Uint8Array(bytes), { headers });
}
