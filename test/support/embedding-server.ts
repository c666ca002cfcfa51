import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** What the fake server says to one request. */
export type EmbeddingAnswer =
  | { readonly kind: "vectors"; readonly of: (text: string) => readonly number[]; readonly usage?: boolean; readonly drop?: number }
  | { readonly kind: "status"; readonly status: number; readonly headers?: { readonly [name: string]: string }; readonly message?: string }
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "endless" }
  | { readonly kind: "silence" };

export interface SeenEmbedding {
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  readonly texts: readonly string[];
}

export interface EmbeddingServer extends AsyncDisposable {
  readonly baseUrl: string;
  readonly seen: readonly SeenEmbedding[];
}

/** A server on this machine that speaks OpenAI's form of embeddings, or Google's where `google` says so, faults included. */
export async function startEmbeddingServer(
  next: (seen: SeenEmbedding, number: number) => EmbeddingAnswer,
  { google = false }: { readonly google?: boolean } = {},
): Promise<EmbeddingServer> {
  const seen: SeenEmbedding[] = [];
  const server = createServer((request, response) => {
    const serve = async (): Promise<void> => {
      const parts: Buffer[] = [];
      for await (const part of request as AsyncIterable<Buffer>) parts.push(part);
      const one = { path: request.url ?? "", headers: request.headers, texts: textsIn(Buffer.concat(parts).toString("utf8")) };
      seen.push(one);
      answer(response, { told: next(one, seen.length), texts: one.texts, google });
    };
    void serve();
  });
  await new Promise<void>((settle) => server.listen(0, "127.0.0.1", settle));
  return {
    baseUrl: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/v1`, // it listens on a port
    seen,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((settle) => server.close(settle));
    },
  };
}

interface GoogleText {
  readonly content: { readonly parts: readonly { readonly text: string }[] };
}

/** What the libraries send: `input` in OpenAI's form; one `content`, or `requests` with one each, in Google's. */
function textsIn(body: string): readonly string[] {
  const sent = JSON.parse(body) as {
    readonly input?: string | readonly string[];
    readonly requests?: readonly GoogleText[];
  } & Partial<GoogleText>; // as above
  const google = sent.requests ?? (sent.content === undefined ? [] : [{ content: sent.content }]);
  if (sent.input === undefined) return google.map(({ content }) => content.parts.map(({ text }) => text).join(""));
  return typeof sent.input === "string" ? [sent.input] : sent.input;
}

interface Told {
  readonly told: EmbeddingAnswer;
  readonly texts: readonly string[];
  readonly google: boolean;
}

function answer(response: ServerResponse, { told, texts, google }: Told): void {
  if (told.kind === "silence") return;
  if (told.kind === "status") {
    response.writeHead(told.status, { "content-type": "application/json", ...told.headers });
    response.end(JSON.stringify({ error: { type: "some_error", code: told.status, message: told.message ?? "It went wrong." } }));
    return;
  }
  response.writeHead(200, { "content-type": "application/json" });
  if (told.kind === "text") {
    response.end(told.text);
    return;
  }
  if (told.kind === "endless") {
    const more = (): void => void (response.writable && response.write(`${" ".repeat(65_536)}`, more));
    more();
    return;
  }
  const vectors = texts.slice(told.drop ?? 0).map(told.of);
  const openai = {
    object: "list",
    data: vectors.map((embedding, index) => ({ object: "embedding", index, embedding })),
    ...(told.usage === false ? {} : { usage: { prompt_tokens: 7, total_tokens: 7 } }),
  };
  const googles = texts.length === 1 ? { embedding: { values: vectors[0] ?? [] } } : { embeddings: vectors.map((values) => ({ values })) };
  response.end(JSON.stringify(google ? googles : openai));
}
