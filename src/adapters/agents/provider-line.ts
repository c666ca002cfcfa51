import type { ModelVendor, Provider } from "../../core/gate/provider.ts";
import { estimatedTokens } from "../../core/execution/loop-guards.ts";
import { Failure } from "../../core/shared/failure.ts";
import type { JsonObject } from "../../core/shared/json.ts";
import type { OrganizationId } from "../../core/shared/ids.ts";
import type { AgentCall, ForwardedCall, PreparedCall, ProviderLine } from "../../engine/ports/agent.ts";
import type { StreamingEgress } from "../../engine/ports/egress.ts";
import type { FindModelKey } from "../../engine/ports/model.ts";
import { usageReader } from "./usage-reader.ts";

export interface LineParts {
  readonly egress: StreamingEgress;
  readonly findKey: FindModelKey;
}

/** The most that one answer may be; a request that wants more is cut to it. */
const maxOutputTokens = 32_000;

/** One kind of request that a vendor's interface has, as its path below the base address. */
interface Form {
  readonly pattern: RegExp;
  /** Where the limit of the answer stands; the first is set where none of them is. */
  readonly limits: readonly string[];
  readonly toPath: (path: string, model: string) => string;
  /** What else has to be said for the usage to be told. */
  readonly more?: (body: JsonObject) => JsonObject;
}

const same = (path: string): string => path.replace(/^\/v1(?:beta)?/u, "");
const chat: Form = {
  pattern: /^\/v1\/chat\/completions$/u,
  limits: ["max_tokens", "max_completion_tokens"],
  toPath: same,
  more: (body) => (body["stream"] === true ? { stream_options: { include_usage: true } } : {}),
};
const responses: Form = { pattern: /^\/v1\/responses$/u, limits: ["max_output_tokens"], toPath: same, more: () => ({ store: false }) };
const messages: Form = { pattern: /^\/v1\/messages(?:\?beta=true)?$/u, limits: ["max_tokens"], toPath: () => "/messages" };
const generate: Form = {
  pattern: /^\/v1beta\/models\/[^/?]{1,120}:(?:stream)?[gG]enerateContent(?:\?alt=sse)?$/u,
  limits: ["maxOutputTokens"],
  toPath: (path, model) => {
    const verb = path.includes(":streamGenerateContent") ? "streamGenerateContent?alt=sse" : "generateContent";
    return `/models/${encodeURIComponent(model)}:${verb}`;
  },
};

const forms: { readonly [vendor in ModelVendor]: readonly Form[] } = {
  anthropic: [messages],
  openai: [responses, { ...chat, limits: ["max_completion_tokens", "max_tokens"] }],
  "openai-compatible": [chat],
  google: [generate],
};

const blocked = (message: string, status = 403): PreparedCall => ({
  kind: "answer",
  status,
  body: JSON.stringify({ type: "error", error: { type: "permission_error", code: "xvc.blocked", message } }),
});

/** The way to one provider, and to nothing else. Which model is asked, a person chose: the name that the agent gives is replaced. */
export const providerLine = ({ egress, findKey }: LineParts): ProviderLine => ({
  prepare(provider, model, call) {
    const own = answeredHere(model, call);
    if (own !== null) return own;
    const form = call.method === "POST" ? forms[provider.vendor].find(({ pattern }) => pattern.test(call.path)) : undefined;
    if (form === undefined) return blocked("Only the model that this agent was given can be reached from here.");
    const body = objectIn(call.body);
    if (body === null) return blocked("The request is no JSON object.", 400);
    const said = limited(provider.vendor, form, body);
    const sent = JSON.stringify({ ...said.body, ...form.more?.(body), ...(provider.vendor === "google" ? {} : { model }) });
    return {
      kind: "forward",
      url: `${provider.baseUrl.replace(/\/+$/u, "")}${form.toPath(call.path, model)}`,
      body: sent,
      inputTokens: estimatedTokens(sent),
      outputTokens: said.tokens,
    };
  },
  async forward({ organizationId, provider }, call, signal): Promise<ForwardedCall> {
    const { id: providerId, vendor, local } = provider;
    const key = await findKey({ organizationId: organizationId as OrganizationId, providerId, vendor }); // the engine's own id
    if (key === null && !local)
      throw new Failure("forbidden", "model.key-missing", {
        message: `There is no key for ${provider.name}. Enter one in Settings, Models.`,
      });
    const answer = await egress.open(
      { method: "POST", url: call.url, headers: headersOf(vendor, key), body: call.body, reach: local ? "house" : "outside" },
      signal,
    );
    const contentType = answer.headers["content-type"] ?? "application/json";
    const { body, usage } = usageReader(answer.body, signal);
    return { status: answer.status, contentType, body, usage };
  },
});

/** What needs no provider: which models there are, and how long a text is. */
function answeredHere(model: string, { method, path, body }: AgentCall): PreparedCall | null {
  if (method === "GET" && /^\/v1\/models(?:\?.{0,200})?$/u.test(path))
    return { kind: "answer", status: 200, body: JSON.stringify({ object: "list", data: [{ id: model, object: "model" }] }) };
  if (method === "POST" && path.startsWith("/v1/messages/count_tokens"))
    return { kind: "answer", status: 200, body: JSON.stringify({ input_tokens: estimatedTokens(body) }) };
  if (method === "HEAD" || (method === "GET" && path === "/")) return { kind: "answer", status: 200, body: "{}" };
  return null;
}

function objectIn(text: string): JsonObject | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonObject) : null; // JSON by the line above
  } catch {
    return null;
  }
}

/** The request with no larger limit than ours. */
function limited(vendor: ModelVendor, form: Form, body: JsonObject): { readonly body: JsonObject; readonly tokens: number } {
  const inner = vendor === "google" ? (objectOf(body["generationConfig"]) ?? {}) : body;
  const name = form.limits.find((one) => typeof inner[one] === "number") ?? form.limits[0] ?? "max_tokens";
  const wanted = inner[name];
  const tokens = typeof wanted === "number" && wanted >= 1 ? Math.min(Math.floor(wanted), maxOutputTokens) : maxOutputTokens;
  const others = Object.fromEntries(Object.entries(inner).filter(([key]) => !form.limits.includes(key)));
  const changed = { ...others, [name]: tokens };
  return { body: vendor === "google" ? { ...body, generationConfig: changed } : changed, tokens };
}

const objectOf = (value: unknown): JsonObject | null =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonObject) : null; // a part of a JSON object

const headersOf = (vendor: Provider["vendor"], key: string | null): { readonly [name: string]: string } => ({
  "content-type": "application/json",
  accept: "text/event-stream, application/json",
  ...(vendor === "anthropic" ? { "anthropic-version": "2023-06-01" } : {}),
  ...(key === null ? {} : keyHeader[vendor](key)),
});

const bearer = (key: string) => ({ authorization: `Bearer ${key}` });
const keyHeader: { readonly [vendor in ModelVendor]: (key: string) => { readonly [name: string]: string } } = {
  anthropic: (key) => ({ "x-api-key": key }),
  google: (key) => ({ "x-goog-api-key": key }),
  openai: bearer,
  "openai-compatible": bearer,
};
