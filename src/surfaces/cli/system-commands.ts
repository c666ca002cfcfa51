import type { Command } from "commander";
import { Failure } from "../../core/shared/failure.ts";
import type { Json } from "../../core/shared/json.ts";
import { exitCodes } from "./exit-codes.ts";
import { listAt, objectAt, note, printAnswer, textAt } from "./output.ts";
import type { GroupContext } from "./group-context.ts";
import { count, segment } from "./values.ts";

type SystemWord = "up" | "server" | "worker" | "stop" | "status" | "doctor" | "demo" | "migrate" | "logs" | "login";

/** The commands that stand alone, without a group: their word is the command. */
export const registerSystem =
  (name: SystemWord) =>
  (command: Command, context: GroupContext): void => {
    const { use } = context;
    command.addHelpText("after", `\nExamples:\n  $ ${examples[name]}\n`);
    const port = (): string | undefined => context.flags().port;
    if (name === "logs") {
      command.option("--lines <n>", "how many", count, 200).action(
        context.act(async (options: { readonly lines: number }) => {
          const text = await use.system.logs({ lines: Math.min(options.lines, 10_000) });
          printAnswer(use.streams, {}, { document: {}, people: () => text });
          return exitCodes.ok;
        }),
      );
      return;
    }
    if (name === "login") {
      command
        .option("--person <person>", "for this member, by name, e-mail address or id; only on the server's machine")
        .action(context.act((options: { readonly person?: string }) => login(context, options.person)));
      return;
    }
    const actions: { readonly [word in Exclude<SystemWord, "logs" | "login">]: () => Promise<number> } = {
      up: () => use.system.up({ port: port(), server: true, worker: true }),
      server: () => use.system.up({ port: port(), server: true, worker: false }),
      worker: () => use.system.up({ port: port(), server: false, worker: true }),
      stop: async () => said(context, "xvc.stopped/1", await use.system.stop()),
      doctor: () => doctor(context),
      demo: () => demo(context),
      migrate: async () => said(context, "xvc.migrated/1", await use.system.migrate()),
      status: () => status(context),
    };
    command.action(context.act(() => actions[name]()));
  };

const examples: { readonly [word in SystemWord]: string } = {
  up: "xvc up --port 4200",
  server: "xvc server",
  worker: "xvc worker",
  stop: "xvc stop",
  status: "xvc status --json",
  doctor: "xvc doctor",
  demo: "xvc demo --json",
  migrate: "xvc migrate",
  logs: "xvc logs --lines 50",
  login: "xvc login",
};

async function status(context: GroupContext): Promise<number> {
  const { use } = context;
  const document = await (await use.connect({ start: false, port: context.flags().port })).get("/api/status");
  const probes = listAt(document, "probes");
  const { lastBackupAtMs } = objectAt(document, "installation");
  const backup = typeof lastBackupAtMs === "number" ? `last made ${use.time.format(lastBackupAtMs)}` : "none was made yet";
  printAnswer(use.streams, context.flags(), {
    document,
    rows: probes,
    people: () =>
      `${document["ok"] === true ? "healthy" : "not healthy"}, version ${textAt(document, "version")}\n${probes.map((probe) => `  ${textAt(probe, "name")}: ${probe["ok"] === true ? "ok" : "FAILED"}, ${textAt(probe, "message")}\n`).join("")}  backup: ${backup}\n`,
  });
  return document["ok"] === true ? exitCodes.ok : exitCodes.workFailed;
}

async function login(context: GroupContext, person: string | undefined): Promise<number> {
  const { use } = context;
  const link = await (
    await use.connect({ start: false, port: context.flags().port })
  ).post("/api/sign-in-links", person === undefined ? {} : { person });
  printAnswer(use.streams, context.flags(), { document: link, people: () => `${textAt(link, "url")}\n` });
  if (context.flags().quiet !== true) use.streams.err(`It works once, until ${use.time.format(Number(link["expiresAtMs"] ?? 0))}.\n`);
  return exitCodes.ok;
}

function said(context: GroupContext, schema: string, message: string): number {
  printAnswer(context.use.streams, context.flags(), { document: { schema, message }, people: () => `${message}\n` });
  return exitCodes.ok;
}

async function doctor(context: GroupContext): Promise<number> {
  const findings = await context.use.system.doctor();
  const ok = findings.every((finding) => finding.ok || finding.optional);
  const rows = findings.map((finding) => ({ ...finding }));
  printAnswer(context.use.streams, context.flags(), {
    document: { schema: "xvc.doctor/1", ok, findings: rows },
    rows,
    people: () =>
      findings
        .map((one) =>
          one.ok
            ? `ok      ${one.name}: ${one.what}\n`
            : `${one.optional ? "without" : "WRONG  "} ${one.name}: ${one.what}\n        why: ${one.why}\n        next: ${one.next}\n`,
        )
        .join(""),
  });
  return ok ? exitCodes.ok : exitCodes.workFailed;
}

const restingStates = new Set(["delivered", "closed", "rejected", "cancelled", "paused"]);
/** The demo plays in simulated time and takes seconds; after this it is given up. */
const demoPatienceMs = 180_000;

async function demo(context: GroupContext): Promise<number> {
  const { use } = context;
  const client = await use.connect({ start: true, port: context.flags().port });
  const settled = async (reference: string): Promise<string> => {
    for await (const _delta of client.events(AbortSignal.any([use.signal, AbortSignal.timeout(demoPatienceMs)]))) {
      const state = textAt(await client.get(`/api/requests/${segment(reference)}`), "state");
      if (restingStates.has(state)) return state;
    }
    throw new Failure("unavailable", "demo.stream-ended", {
      message: `The server ended the stream before the demo was over; xvc request show ${reference} shows where it is.`,
    });
  };
  const played = await use.system.demo({
    call: (method, path, body) => (method === "GET" ? client.get(path) : client.post(path, (body ?? {}) as Json)), // the demo sends JSON
    content: async (sha256) => new TextDecoder().decode(await client.download(`/api/content/${sha256}`)),
    settled,
    note: (line) => note(use.streams, context.flags(), line),
  });
  printAnswer(use.streams, context.flags(), { document: played.document, people: () => played.text });
  return exitCodes.ok;
}
