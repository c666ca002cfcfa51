import { diffPlans } from "../../core/planning/diff-plans.ts";
import type { PlanTask } from "../../core/planning/plan-document.ts";
import type { Command } from "commander";
import { Failure } from "../../core/shared/failure.ts";
import type { Json, JsonObject } from "../../core/shared/json.ts";
import { exitCodes } from "./exit-codes.ts";
import { listAt, objectAt, oneLine, printAnswer, table, textAt } from "./output.ts";
import type { GroupContext } from "./group-context.ts";
import { count, readJson, readText, reference, segment } from "./values.ts";

interface Decision {
  readonly reason?: string;
  readonly confirm?: string;
  readonly changes?: boolean;
}

export function registerPlan(group: Command, context: GroupContext): void {
  registerLooking(group, context);
  const deciding = (name: "approve" | "reject", summary: string): Command =>
    group
      .command(name)
      .description(summary)
      .argument("<request>", "label or id of the request, such as ENG-42", reference)
      .option("--reason <text>", "why; kept with the decision")
      .option("--confirm <label>", "deciding about your own plan alone: type the request's label")
      .addHelpText(
        "after",
        `\nExamples:\n  $ xvc plan ${name} ENG-42${name === "reject" ? ' --reason "too expensive"' : ""}\n  $ xvc plan ${name} ENG-42 --confirm ENG-42\n`,
      );
  deciding("approve", "approve the plan that waits and start its work").action(
    context.act((request: string, options: Decision) => decide(context, "approve", { request, ...options })),
  );
  deciding("reject", "reject the plan that waits")
    .option("--changes", "ask for another plan instead of ending the request")
    .action(context.act((request: string, options: Decision) => decide(context, "reject", { request, ...options })));
  const writing = (name: "propose" | "patch", summary: string): Command =>
    group
      .command(name)
      .description(summary)
      .argument("<request>", "label or id of the request, such as ENG-42", reference)
      .argument("<file>", "plan as JSON (xvc.plan/1) or Markdown checklist (.md); - is standard input")
      .addHelpText(
        "after",
        `\nExamples:\n  $ xvc plan ${name} ENG-42 plan.json${name === "patch" ? ' --reason "one more test"' : "\n  $ xvc plan propose ENG-42 tasks.md"}\n`,
      );
  writing("propose", "propose a plan of your own").action(context.act((request: string, file: string) => propose(context, request, file)));
  writing("patch", "change a running plan once a second person agrees; what has started stays")
    .requiredOption("--reason <text>", "why the plan changes; kept with the decision")
    .option("--confirm <label>", "deciding about your own change alone: type the request's label")
    .action(
      context.act((request: string, file: string, options: { readonly reason: string; readonly confirm?: string }) =>
        patch(context, { request, file, ...options }),
      ),
    );
}

function registerLooking(group: Command, context: GroupContext): void {
  group
    .command("show")
    .description("show the plan of a request; --json is xvc.plan/1")
    .argument("<request>", "label or id of the request, such as ENG-42", reference)
    .option("--number <n>", "an earlier version", count)
    .addHelpText("after", "\nExamples:\n  $ xvc plan show ENG-42\n  $ xvc plan show ENG-42 --json\n")
    .action(context.act((request: string, options: { readonly number?: number }) => show(context, request, options.number)));
  group
    .command("export")
    .description("print a plan as xvc.plan/1")
    .argument("<request>", "label or id of the request, such as ENG-42", reference)
    .option("--number <n>", "an earlier version", count)
    .addHelpText("after", "\nExamples:\n  $ xvc plan export ENG-42 > plan.json\n")
    .action(
      context.act(async (request: string, options: { readonly number?: number }) => {
        const view = await readPlan(context, request, options.number);
        printAnswer(context.use.streams, { json: true }, { document: objectAt(view, "document"), people: () => "" });
        return exitCodes.ok;
      }),
    );
  group
    .command("diff")
    .description("what differs between two versions of a plan")
    .argument("<request>", "label or id of the request, such as ENG-42", reference)
    .option("--from <n>", "older version; the one before --to when absent", count)
    .option("--to <n>", "newer version; the present one when absent", count)
    .addHelpText("after", "\nExamples:\n  $ xvc plan diff ENG-42\n  $ xvc plan diff ENG-42 --from 1 --to 3\n")
    .action(context.act((request: string, options: { readonly from?: number; readonly to?: number }) => diff(context, request, options)));
  group
    .command("check")
    .description("judge a plan or playbook file; needs no server")
    .argument("<file>", "plan as JSON (xvc.plan/1, xvc.playbook/1) or Markdown checklist (.md); - is standard input")
    .addHelpText("after", "\nExamples:\n  $ xvc plan check plan.json\n  $ xvc plan check tasks.md --json\n")
    .action(context.act((file: string) => check(context, file)));
}

async function readPlan(context: GroupContext, request: string, version: number | undefined): Promise<JsonObject> {
  const client = await context.use.connect({ start: false, port: context.flags().port });
  return client.get(`/api/requests/${segment(request)}/plan${version === undefined ? "" : `?version=${version}`}`);
}

async function show(context: GroupContext, request: string, version: number | undefined): Promise<number> {
  const { use } = context;
  const view = await readPlan(context, request, version);
  const document = objectAt(view, "document");
  const states = new Map(listAt(view, "tasks").map((task) => [textAt(task, "task"), textAt(task, "state")]));
  const rows = listAt(document, "decomposition");
  const plan = objectAt(view, "plan");
  printAnswer(use.streams, context.flags(), {
    document,
    rows,
    people: () =>
      `Plan ${textAt(plan, "number")}, ${textAt(plan, "state")}: ${textAt(plan, "title")}\n\n${table(
        use.streams,
        ["TASK", "STATE", "PERSONA", "AFTER", "HOURS", "TITLE"],
        rows.map((task) => [
          textAt(task, "task"),
          states.get(textAt(task, "task")) ?? "",
          textAt(task, "persona"),
          names(task["dependencies"]),
          textAt(objectAt(task, "estimate"), "likelyHours"),
          textAt(task, "title"),
        ]),
      )}${listAt(view, "problems")
        .map((problem) => `${textAt(problem, "severity")}: ${oneLine(textAt(problem, "message"))}\n`)
        .join("")}`,
  });
  return exitCodes.ok;
}

const names = (value: Json | undefined): string => (Array.isArray(value) ? value.join(",") : "");

/** Reads, judges, prints: no server, no database, no key. Exit 1 when the plan must not be used. */
async function check(context: GroupContext, file: string): Promise<number> {
  const { use } = context;
  const [{ readPlan: read }, { planProblems }] = await Promise.all([
    import("../../core/planning/read-plan.ts"),
    import("../../core/planning/check-plan.ts"),
  ]);
  const source = await planOf(context, file);
  const plan = read(source, "file", "EUR");
  const problems = plan.problems.length > 0 ? plan.problems : planProblems(plan.document);
  const ok = problems.every((problem) => problem.severity !== "error");
  const rows = problems.map((problem) => ({ ...problem }));
  printAnswer(use.streams, context.flags(), {
    document: { schema: "xvc.plan-check/1", ok, taskCount: plan.document.decomposition.length, problems: rows },
    rows,
    people: () =>
      `${rows.map((problem) => `${problem.severity}  ${problem.task ?? "-"}  ${oneLine(problem.message)}\n`).join("")}${ok ? "sound" : "not sound"}: ${plan.document.decomposition.length} tasks, ${rows.length} problems\n`,
  });
  return ok ? exitCodes.ok : exitCodes.workFailed;
}

/** The plan in a file: itself, the one inside a playbook, or a checklist. */
async function planOf(context: GroupContext, file: string): Promise<JsonObject> {
  if (!/\.(?:md|markdown)$/iu.test(file)) {
    const document = await readJson(context.use, file);
    const { plan } = document;
    return document["schema"] === "xvc.playbook/1" && typeof plan === "object" && plan !== null && !Array.isArray(plan)
      ? (plan as JsonObject)
      : document;
  }
  const { readChecklist } = await import("../../core/planning/read-checklist.ts");
  return { request: file, decomposition: [...readChecklist(await readText(context.use, file))] };
}

async function decide(
  context: GroupContext,
  choice: "approve" | "reject",
  given: Decision & { readonly request: string },
): Promise<number> {
  const { use } = context;
  const client = await use.connect({ start: false, port: context.flags().port });
  const view = await client.get(`/api/requests/${segment(given.request)}/plan`);
  const plan = objectAt(view, "plan");
  const { reason, confirm, changes } = given;
  // The hash makes the server refuse when the plan has changed between looking and deciding.
  const body = {
    documentSha256: textAt(plan, "documentSha256"),
    ...(reason === undefined ? {} : { reason }),
    ...(confirm === undefined ? {} : { confirm }),
    ...(changes === true ? { changes } : {}),
  };
  const answer = await client.post(`/api/plans/${segment(textAt(plan, "id"))}/${choice}`, body);
  printAnswer(use.streams, context.flags(), {
    document: answer,
    people: () => `${textAt(answer, "label")} plan ${textAt(plan, "number")} ${textAt(answer, "state")}\n`,
  });
  return exitCodes.ok;
}

async function propose(context: GroupContext, request: string, file: string): Promise<number> {
  const { use } = context;
  const document = await planOf(context, file);
  const client = await use.connect({ start: false, port: context.flags().port });
  const answer = await client.post(`/api/requests/${segment(request)}/plan`, { document });
  printAnswer(use.streams, context.flags(), {
    document: answer,
    people: () => `${textAt(answer, "label")} plan ${textAt(objectAt(answer, "details"), "number")} proposed\n`,
  });
  return exitCodes.ok;
}

async function patch(
  context: GroupContext,
  given: { readonly request: string; readonly file: string; readonly reason: string; readonly confirm?: string },
): Promise<number> {
  const { use } = context;
  const document = await planOf(context, given.file);
  const client = await use.connect({ start: false, port: context.flags().port });
  const view = await client.get(`/api/requests/${segment(given.request)}/plan`);
  const answer = await client.post(`/api/plans/${segment(textAt(objectAt(view, "plan"), "id"))}/patch`, {
    document,
    reason: given.reason,
    ...(given.confirm === undefined ? {} : { confirm: given.confirm }),
  });
  const waits = textAt(answer, "state") === "awaiting-agreement";
  printAnswer(use.streams, context.flags(), {
    document: answer,
    people: () => `${textAt(answer, "label")} plan ${waits ? "change waits for a second person" : "changed"}\n`,
  });
  return exitCodes.ok;
}

async function diff(context: GroupContext, request: string, wanted: { readonly from?: number; readonly to?: number }): Promise<number> {
  const { use } = context;
  const newer = await readPlan(context, request, wanted.to);
  const to = Number(objectAt(newer, "plan")["number"] ?? 0);
  const from = wanted.from ?? to - 1;
  if (from < 1)
    throw new Failure("not-found", "plan.no-earlier", { message: `Plan ${to} is the first; there is no earlier one to compare it with.` });
  const older = await readPlan(context, request, from);
  const tasksOf = (view: JsonObject) => listAt(objectAt(view, "document"), "decomposition") as unknown as readonly PlanTask[]; // `xvc.plan-view/1`
  const { added, removed, changed } = diffPlans(tasksOf(older), tasksOf(newer));
  printAnswer(use.streams, context.flags(), {
    document: { schema: "xvc.plan-diff/1", from, to, added, removed, changed: changed.map((one) => ({ ...one })) },
    people: () =>
      [
        ...added.map((key) => `+ ${key}\n`),
        ...removed.map((key) => `- ${key}\n`),
        ...changed.map((one) => `~ ${one.task}: ${one.fields.join(", ")}\n`),
      ].join("") || "no difference\n",
  });
  return exitCodes.ok;
}
