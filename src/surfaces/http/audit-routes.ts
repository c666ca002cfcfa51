import type { Context } from "hono";
import { type AuditQuery, auditCheckView, auditPageView, exportEvents } from "../../engine/memory/audit-view.ts";
import { type AuditFilter, auditCheck, auditExportQuery, auditPage, auditQuery } from "../../contract/audit-contract.ts";
import { type Endpoint, endpoint } from "./endpoint.ts";
import type { HttpDependencies, Member } from "./http-dependencies.ts";
import { narrowed, reading, requestOf } from "./references.ts";

const defaultRows = 100;

/** The log of everything, to be filtered, checked and taken along. */
export const auditRoutes = (): readonly Endpoint[] => [
  endpoint({
    method: "get",
    path: "/api/audit",
    summary: "Events, the newest first, by kind, subject, request, actor and recorded time",
    query: auditQuery,
    answer: auditPage,
    run: async (use, { member, query }) => {
      const { cursor, limit, ...filter } = query;
      const wanted = await auditQueryOf(use, member, filter);
      const page = { limit: limit ?? defaultRows, ...(cursor === undefined ? {} : { before: cursor }) };
      return reading(use, narrowed(member, filter.project), (reader) => auditPageView(reader, wanted, page));
    },
  }),
  endpoint({
    method: "get",
    path: "/api/audit/check",
    summary: "Checks the numbering of the streams that changed last, and says what that does not prove",
    answer: auditCheck,
    run: (use, { member }) => reading(use, member, (reader) => auditCheckView(reader, use.clock.nowMs())),
  }),
];

/** @throws {Failure} `request.not-found` */
async function auditQueryOf(use: HttpDependencies, member: Member, filter: AuditFilter): Promise<AuditQuery> {
  const { kinds, subjectKind, subject, request, actor, actorKind, fromMs, toMs } = filter;
  return {
    ...(kinds === undefined ? {} : { kinds: kinds.split(",") }),
    ...(subjectKind === undefined ? {} : { subjectKind }),
    ...(subject === undefined ? {} : { subjectId: subject }),
    ...(request === undefined ? {} : { requestId: (await requestOf(use, member, request)).id }),
    ...(actor === undefined ? {} : { actor: { kind: actorKind ?? "person", id: actor } }),
    ...(fromMs === undefined ? {} : { fromMs }),
    ...(toMs === undefined ? {} : { toMs }),
  };
}

/** Events of one export at most; the last line says when there are more. */
const maxExported = 100_000;
const exportPage = 1_000;

/** `GET /api/audit.jsonl`: the filtered events as they are stored, one a line, streamed page by page. */
export async function exportAudit(use: HttpDependencies, member: Member, context: Context): Promise<Response> {
  const filter = auditExportQuery.parse(context.req.query());
  const lines = auditLines(use, narrowed(member, filter.project), await auditQueryOf(use, member, filter));
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const next = await lines.next();
      if (next.done === true) controller.close();
      else controller.enqueue(encoder.encode(next.value));
    },
    async cancel() {
      await lines.return();
    },
  });
  return new Response(body, {
    headers: {
      "content-type": "application/jsonl; charset=utf-8",
      "content-disposition": `attachment; filename="xvc-audit-${use.clock.nowMs()}.jsonl"`,
    },
  });
}

async function* auditLines(use: HttpDependencies, member: Member, wanted: AuditQuery): AsyncGenerator<string, void, void> {
  let before: string | undefined;
  for (let sent = 0; sent < maxExported; sent += exportPage) {
    const from = before;
    const events = await reading(use, member, (reader) =>
      exportEvents(reader, wanted, { limit: exportPage, ...(from === undefined ? {} : { before: from }) }),
    );
    if (events.length > 0) yield events.map((event) => `${JSON.stringify(event)}\n`).join("");
    before = events.at(-1)?.cursor;
    if (events.length < exportPage) return;
  }
  yield `${JSON.stringify({ truncated: true, events: maxExported, message: "There are older events; narrow the time to export them." })}\n`;
}
