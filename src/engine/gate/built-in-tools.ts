import type { ToolDeclaration } from "../../core/gate/tool-declaration.ts";
import type { Json } from "../../core/shared/json.ts";
import type { ContentStore } from "../ports/content.ts";
import type { CrashProbe } from "../ports/crash-point.ts";
import type { Egress } from "../ports/egress.ts";
import type { GatedTool } from "../ports/gated-tool.ts";
import { fileNamed, filesOf, keepOutput, outputNamed } from "./task-files.ts";
import { pageOfText } from "./tool-page.ts";

const base = {
  origin: "built-in",
  deliveryClass: "pure",
  amountArgument: null,
  costMicro: 0,
  timeLimitMs: 30_000,
  result: { integrity: "external", readers: "project" },
} as const satisfies Partial<ToolDeclaration>;

const maxWriteChars = 500_000;

interface ToolUse {
  readonly content: ContentStore;
  readonly egress: Egress;
  readonly crash: CrashProbe;
}

/** The tools that this program brings itself. */
export const builtInTools = (use: ToolUse): readonly GatedTool[] => [
  listFiles,
  readFile(use.content),
  writeFile(use),
  fetchPage(use.egress),
];

const listFiles: GatedTool = {
  declaration: {
    ...base,
    name: "files.list",
    description: "Lists the files that this task was given.",
    effectKind: "read",
    targets: [],
    parameters: { type: "object", properties: {} },
  },
  run: async ({ context }) => ({
    files: filesOf(context).map(({ place, file }) => ({ file: place, bytes: file.bytes, mediaType: file.mediaType })),
  }),
};

const readFile = (content: ContentStore): GatedTool => ({
  declaration: {
    ...base,
    name: "files.read",
    description:
      "Reads one of the files that this task was given, as text: a page of at most 16,000 characters from an offset on, in characters.",
    effectKind: "read",
    targets: ["file"],
    parameters: {
      type: "object",
      properties: { file: { type: "string", maxLength: 1_000 }, offset: { type: "integer", minimum: 0 } },
      required: ["file"],
    },
  },
  async run({ context, arguments: given }) {
    const bytes = await content.read(fileNamed(context, given["file"]).sha256);
    const offset = typeof given["offset"] === "number" ? given["offset"] : 0;
    // What a performer is told of an answer is bounded: a longer page would lose its end unseen.
    return { ...pageOfText(new TextDecoder().decode(bytes), offset), bytes: bytes.byteLength };
  },
});

const writeFile = ({ content, crash }: ToolUse): GatedTool => ({
  declaration: {
    ...base,
    name: "files.write",
    description: "Writes an output of this task: one of the names that the task asks for. It is handed in with the result, not before.",
    effectKind: "write_private",
    targets: ["name"],
    parameters: {
      type: "object",
      properties: { name: { type: "string", maxLength: 200 }, text: { type: "string", maxLength: maxWriteChars } },
      required: ["name", "text"],
    },
  },
  async run({ context, arguments: given }) {
    const name = outputNamed(context, given["name"]);
    const written = await keepOutput({ content, crash }, name, new TextEncoder().encode(textOf(given["text"])));
    return { ...written, written };
  },
});

const textOf = (value: Json | undefined): string => (typeof value === "string" ? value : "");

const fetchPage = (egress: Egress): GatedTool => ({
  declaration: {
    ...base,
    name: "http.fetch",
    description: "Gets a page by its address. An address that nobody named in the request is asked about first.",
    effectKind: "egress_read",
    targets: ["url"],
    parameters: { type: "object", properties: { url: { type: "string", maxLength: 2_000 } }, required: ["url"] },
  },
  async run({ arguments: given }, signal) {
    const { status, text } = await egress.send({ method: "GET", url: textOf(given["url"]), headers: {}, body: null }, signal);
    return { status, text };
  },
});
