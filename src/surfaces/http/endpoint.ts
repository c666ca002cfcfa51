import type { RouteConfig } from "@hono/zod-openapi";
import type { Context } from "hono";
import { z } from "zod";
import { referenceField } from "../../contract/fields.ts";
import { problemDocument } from "../../contract/problem-contract.ts";
import type { Membership } from "./membership.ts";
import type { HttpDependencies, Member } from "./http-dependencies.ts";
import { commandKey, readJsonBody } from "./guard.ts";
import { atField, momentOf, usingPast } from "./past.ts";

/** What every route may use. */
export interface RouteContext {
  readonly use: HttpDependencies;
  readonly membership: Membership;
  readonly endStreams: (credential: string) => void;
  /** Ends every stream: who may see what has changed, and clients come again with what they had. */
  readonly restartStreams: () => void;
}

/** One call, read and checked. */
export interface Call<Query, Body> {
  readonly member: Member;
  /** The reference in the path; empty for a route without one. */
  readonly reference: string;
  readonly query: Query;
  readonly body: Body;
  /** Idempotency key of the command that the call may become. */
  readonly key: string;
  readonly header: (name: string) => string | undefined;
  /** Forgets who is a member of what: people or projects changed. */
  readonly forgetMembers: () => void;
  /** Ends the streams of a session or key that is no more. */
  readonly endStreams: (credential: string) => void;
  /** Who may see what has changed: forgets members and lets every stream begin anew. */
  readonly accessChanged: () => void;
}

/** What a route takes and answers. `{reference}` in the path is an id or a label. */
export interface EndpointSpec<Query extends z.ZodType, Body extends z.ZodType, Answer extends z.ZodType> {
  readonly method: "get" | "post";
  readonly path: string;
  readonly summary: string;
  readonly query?: Query;
  readonly body?: Body;
  readonly answer: Answer;
  readonly status?: 200 | 201;
  /** Only for the token of this machine. */
  readonly localOnly?: boolean;
  /** Also answers as of a recorded instant (`?at=`). */
  readonly past?: boolean;
  readonly run: (use: HttpDependencies, call: Call<z.output<Query>, z.output<Body>>) => Promise<z.output<Answer>>;
}

/** A route ready to be mounted: its description for the OpenAPI document and its handler. */
export interface Endpoint {
  readonly method: "get" | "post";
  readonly path: string;
  readonly localOnly: boolean;
  readonly past: boolean;
  readonly config: RouteConfig;
  readonly handle: (route: RouteContext, member: Member, context: Context) => Promise<Response>;
}

const nothing = z.unknown();

const problem = { content: { "application/problem+json": { schema: problemDocument } } };

/** Builds a route from its schemas. Input is parsed by them; the answer's type is checked at compile time, and at run time where the tests ask for it. */
export function endpoint<Answer extends z.ZodType, Query extends z.ZodType = z.ZodUnknown, Body extends z.ZodType = z.ZodUnknown>(
  spec: EndpointSpec<Query, Body, Answer>,
): Endpoint {
  return {
    method: spec.method,
    path: spec.path,
    localOnly: spec.localOnly === true,
    past: spec.past === true,
    config: routeConfig(spec),
    async handle(route, member, context) {
      const { at, ...asked } = context.req.query();
      const moment = await momentOf(route.use, spec, at);
      const use = moment === undefined ? route.use : usingPast(route.use, moment);
      const answer = await spec.run(use, await callOf(spec, route, { member, context, asked }));
      if (use.checkAnswers === true) spec.answer.parse(answer);
      const position = (answer as { readonly position?: unknown } | undefined)?.position; // looked at, not trusted
      if (typeof position === "string") context.header("xvc-position", position);
      if (moment !== undefined) context.header("xvc-as-of", String(moment.atMs));
      use.crash("http.before-answer");
      return context.json(answer as object, spec.status ?? 200); // every answer of the contract is an object
    },
  };
}

async function callOf<Answer extends z.ZodType, Query extends z.ZodType, Body extends z.ZodType>(
  spec: EndpointSpec<Query, Body, Answer>,
  { use, membership, endStreams, restartStreams }: RouteContext,
  given: { readonly member: Member; readonly context: Context; readonly asked: Readonly<Record<string, string>> },
): Promise<Call<z.output<Query>, z.output<Body>>> {
  const { member, context, asked } = given;
  return {
    member,
    reference: spec.path.includes("{reference}") ? referenceField.parse(context.req.param("reference")) : "",
    query: (spec.query ?? nothing).parse(asked) as z.output<Query>, // `nothing` stands in only where the spec has no query
    body: (spec.method === "post" ? (spec.body ?? nothing).parse(await readJsonBody(context)) : undefined) as z.output<Body>, // as above
    key: commandKey(use, context, member.person.id),
    header: (name) => context.req.header(name),
    forgetMembers: () => membership.forget(),
    endStreams,
    accessChanged: () => {
      membership.forget();
      restartStreams();
    },
  };
}

function routeConfig(spec: EndpointSpec<z.ZodType, z.ZodType, z.ZodType>): RouteConfig {
  const params = spec.path.includes("{reference}") ? { params: z.object({ reference: referenceField }) } : {};
  const instant = z.object({ at: atField.optional() });
  const given = spec.query as z.ZodObject | undefined; // queries of the contract are objects
  const asked = spec.past === true ? (given?.extend(instant.shape) ?? instant) : given;
  const query = asked === undefined ? {} : { query: asked };
  const body = spec.body === undefined ? {} : { body: { required: true, content: { "application/json": { schema: spec.body } } } };
  return {
    method: spec.method,
    path: spec.path,
    summary: spec.summary,
    security: [{ bearer: [] }, { cookie: [] }],
    request: { ...params, ...query, ...body },
    responses: {
      [spec.status ?? 200]: { description: "Done", content: { "application/json": { schema: spec.answer } } },
      default: { description: "A problem document (RFC 9457)", ...problem },
    },
  };
}
