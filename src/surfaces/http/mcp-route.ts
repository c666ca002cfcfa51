import type { Context } from "hono";
import { Failure } from "../../core/shared/failure.ts";
import { problemOf } from "./failure-handler.ts";
import type { RouteContext } from "./endpoint.ts";
import { authenticateKey, originCheck } from "./guard.ts";

interface Mountable {
  all(path: string, answer: (context: Context) => Promise<Response>): unknown;
}

/**
 * `/mcp`: for programs with a key, never for a page's cookie. Whatever a tool does then comes back to the routes of this surface under
 * the same key, which say what it may do.
 */
export function mountMcp(app: Mountable, { use, membership }: RouteContext): void {
  const { mcp } = use;
  if (mcp === undefined) return;
  app.all("/mcp", async (context) => {
    originCheck(context, use.hosts());
    try {
      await authenticateKey(use, membership, context);
    } catch (error) {
      if (error instanceof Failure && error.code === "session.missing") return unknownKey(context, error);
      throw error;
    }
    return mcp(context.req.raw);
  });
}

/** Clients of MCP look for 401 and its header. */
const unknownKey = (context: Context, failure: Failure): Response =>
  context.json({ ...problemOf(failure, String(context.get("instance"))), status: 401 }, 401, {
    "content-type": "application/problem+json",
    "www-authenticate": 'Bearer realm="xvc"',
  });
