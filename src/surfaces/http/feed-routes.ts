import type { Context } from "hono";
import { feedView } from "../../engine/oversight/feed-view.ts";
import type { HttpDependencies } from "./http-dependencies.ts";

/** `GET /feed/<token>.ics`: what is due for one person, for calendars that cannot sign in. The token is all the proof there is. */
export async function sendFeed(use: HttpDependencies, context: Context): Promise<Response> {
  const { reach, vault } = use.reach;
  const token = (context.req.param("file") ?? "").replace(/\.ics$/u, "");
  const { name, entries } = await feedView({ engine: use.engine, vault, baseUrl: reach.baseUrl() }, token);
  const text = use.writeCalendar({ name, entries, madeAtMs: use.clock.nowMs() });
  return context.body(text, 200, {
    "content-type": "text/calendar; charset=utf-8",
    "content-disposition": 'inline; filename="xvc.ics"',
    "cache-control": "private, max-age=300",
  });
}
