import type { Command } from "commander";
import { exitCodes } from "./exit-codes.ts";
import { listAt, printAnswer, textAt } from "./output.ts";
import type { GroupContext } from "./program.ts";
import { count } from "./values.ts";

type SystemWord = "up" | "server" | "worker" | "stop" | "status" | "doctor" | "demo" | "migrate" | "logs" | "login";

/** The commands that stand alone, without a group: their word is the command. */
export const registerSystem = (name: SystemWord) => (command: Command, context: GroupContext): void => {
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
  const actions: { readonly [word in Exclude<SystemWord, "logs">]: () => Promise<number> } = {
    up: () => use.system.up({ port: port(), server: true, worker: true }),
    server: () => use.system.up({ port: port(), server: true, worker: false }),
    worker: () => use.system.up({ port: port(), server: false, worker: true }),
    stop: () => use.system.stop(),
    doctor: () => use.system.doctor({ json: context.flags().json === true }),
    demo: () => use.system.demo({ json: context.flags().json === true, quiet: context.flags().quiet === true }),
    migrate: () => use.system.migrate(),
    status: () => status(context),
    login: () => login(context),
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
  printAnswer(use.streams, context.flags(), {
    document,
    rows: probes,
    people: () => `${document["ok"] === true ? "healthy" : "not healthy"}, version ${textAt(document, "version")}\n${probes.map((probe) => `  ${textAt(probe, "name")}: ${probe["ok"] === true ? "ok" : "FAILED"}, ${textAt(probe, "message")}\n`).join("")}`,
  });
  return document["ok"] === true ? exitCodes.ok : exitCodes.workFailed;
}

async function login(context: GroupContext): Promise<number> {
  const { use } = context;
  const link = await (await use.connect({ start: false, port: context.flags().port })).post("/api/sign-in-links", {});
  printAnswer(use.streams, context.flags(), { document: link, people: () => `${textAt(link, "url")}\n` });
  if (context.flags().quiet !== true) use.streams.err(`It works once, until ${use.time.format(Number(link["expiresAtMs"] ?? 0))}.\n`);
  return exitCodes.ok;
}
