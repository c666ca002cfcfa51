import type { Command } from "commander";
import { Failure } from "../../core/shared/failure.ts";
import type { JsonObject } from "../../core/shared/json.ts";
import { exitCodes } from "./exit-codes.ts";
import type { GroupContext } from "./group-context.ts";
import { oneLine, printAnswer, textAt } from "./output.ts";

interface EmbeddingOptions {
  readonly use?: string;
  readonly anew?: boolean;
  readonly off?: boolean;
}

/** `xvc model embeddings`: which model makes vectors for the search. */
export function registerEmbeddings(group: Command, context: GroupContext): void {
  group
    .command("embeddings")
    .description("show or choose the model that makes vectors of texts, so that the search finds by meaning")
    .option("--use <provider/model>", "a connected provider and a model of embeddings there")
    .option("--anew", "with --use: make every vector anew, also where this model made one")
    .option("--off", "search by words alone again; vectors that were made stay")
    .addHelpText(
      "after",
      "\nExamples:\n  $ xvc model embeddings\n  $ xvc model embeddings --use ollama/nomic-embed-text\n  $ xvc model embeddings --off\n",
    )
    .action(context.act((options: EmbeddingOptions) => embeddings(context, options)));
}

async function embeddings(context: GroupContext, { use: said, anew = false, off = false }: EmbeddingOptions): Promise<number> {
  const client = await context.use.connect({ start: false, port: context.flags().port });
  if (said !== undefined || off) {
    if (said !== undefined && off) throw new Failure("invalid", "usage.value", { message: "Say --use or --off, not both." });
    const answer =
      said === undefined ? await client.post("/api/embeddings/off", {}) : await client.post("/api/embeddings", placeOf(said, anew));
    printAnswer(context.use.streams, context.flags(), {
      document: answer,
      people: () => (off ? "the search goes by words alone\n" : `vectors are made with ${textAt(answer, "label")}\n`),
    });
    return exitCodes.ok;
  }
  const document = await client.get("/api/embeddings");
  printAnswer(context.use.streams, context.flags(), { document, people: () => told(document) });
  return exitCodes.ok;
}

/** A provider's name has no slash; a model's may. @throws {Failure} `usage.value` */
function placeOf(said: string, anew: boolean): JsonObject {
  const [, provider, model] = /^([^/]+)\/(.+)$/u.exec(said) ?? [];
  if (provider !== undefined && model !== undefined) return { provider, model, anew };
  throw new Failure("invalid", "usage.value", {
    message: "Name both, such as --use ollama/nomic-embed-text; xvc model list shows the providers.",
  });
}

function told({ chosen, currency }: JsonObject): string {
  if (typeof chosen !== "object" || chosen === null || Array.isArray(chosen))
    return "no model makes vectors: the search goes by words alone\n";
  const row = chosen as JsonObject; // an object of the contract
  const number = (name: string): number => (typeof row[name] === "number" ? row[name] : 0);
  const failure = row["failure"];
  const message = typeof failure === "object" && failure !== null && "message" in failure ? failure.message : null;
  const said = typeof message === "string" ? `last failure: ${oneLine(message)}\n` : "";
  const cost = `${(number("costMicro") / 1_000_000).toFixed(2)} ${typeof currency === "string" ? currency : ""}`;
  return `${textAt(row, "provider")}/${textAt(row, "model")}: ${String(number("vectors"))} of ${String(number("texts"))} texts have a vector, ${String(number("refused"))} are not taken; ${cost} so far\n${said}`;
}
