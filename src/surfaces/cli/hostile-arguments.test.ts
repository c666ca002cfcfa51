import { expect, test } from "vitest";
import { openCliWorld } from "../../../test/support/cli-world.ts";

const missingId = "00000000-0000-7000-8000-00000000ffff";
const planFile = "/plan.json";

/** Every command with arguments of the right form. `fixed`: positions that hold free text, so that anything but nothing is fine. */
const commands: readonly { readonly words: readonly string[]; readonly given: readonly string[]; readonly fixed?: readonly number[] }[] = [
  { words: ["up"], given: [] },
  { words: ["server"], given: [] },
  { words: ["worker"], given: [] },
  { words: ["stop"], given: [] },
  { words: ["status"], given: [] },
  { words: ["doctor"], given: [] },
  { words: ["demo"], given: [] },
  { words: ["migrate"], given: [] },
  { words: ["logs"], given: [] },
  { words: ["login"], given: [] },
  { words: ["request", "submit"], given: ["Do it"], fixed: [0] },
  { words: ["request", "list"], given: [] },
  { words: ["request", "show"], given: ["ENG-9"] },
  { words: ["request", "wait"], given: ["ENG-9"] },
  ...["cancel", "pause", "resume", "reopen", "close", "repeat"].map((act) => ({ words: ["request", act], given: ["ENG-9"] })),
  { words: ["deliverable", "list"], given: ["ENG-1"] },
  { words: ["deliverable", "save"], given: ["ENG-1", "--out=/out"] },
  { words: ["plan", "show"], given: ["ENG-9"] },
  { words: ["plan", "export"], given: ["ENG-9"] },
  { words: ["plan", "diff"], given: ["ENG-1"] },
  { words: ["tool", "list"], given: [] },
  { words: ["tool", "run"], given: ["none"], fixed: [0] },
  { words: ["plan", "check"], given: ["/nowhere.json"] },
  { words: ["plan", "approve"], given: ["ENG-9"] },
  { words: ["plan", "reject"], given: ["ENG-9"] },
  { words: ["plan", "propose"], given: ["ENG-9", planFile] },
  { words: ["plan", "patch"], given: ["ENG-1", planFile, "--reason=because"] },
  { words: ["inbox", "list"], given: [] },
  { words: ["inbox", "show"], given: ["ENG-9"] },
  { words: ["inbox", "answer"], given: ["ENG-1", "none-of-them"] },
  { words: ["inbox", "delegate"], given: ["ENG-1", "Nobody"] },
  { words: ["task", "list"], given: [] },
  { words: ["task", "show"], given: ["ENG-1/none"] },
  { words: ["task", "claim"], given: ["ENG-1/none"] },
  { words: ["task", "release"], given: ["ENG-1/none"] },
  { words: ["task", "retry"], given: ["ENG-1/none"] },
  { words: ["task", "submit"], given: ["ENG-1/none", `--output=a.md=${planFile}`] },
  { words: ["task", "reassign"], given: ["ENG-1/none", "--reason=because"] },
  { words: ["persona", "list"], given: [] },
  { words: ["persona", "show"], given: ["nobody"] },
  { words: ["persona", "add"], given: ["/nowhere.json"] },
  { words: ["playbook", "list"], given: [] },
  { words: ["playbook", "show"], given: ["nothing"] },
  { words: ["playbook", "add"], given: ["/nowhere.json"] },
  { words: ["people", "list"], given: [] },
  { words: ["project", "list"], given: [] },
  { words: ["project", "add"], given: ["bad key", "Name"], fixed: [1] },
  { words: ["config", "list"], given: [] },
];

const hostile: readonly string[] = [
  "$(touch /tmp/pwned)",
  "`id`",
  "; rm -rf /",
  "../../../etc/passwd",
  "/dev/zero\0",
  "null",
  "undefined",
  "NaN",
  "__proto__",
  "constructor",
  "\u001B]0;pwned\u0007\u001B[2J",
  "\u202Egnp.exe",
  "%00%0d%0aSet-Cookie: a=b",
  "ENG-1'--",
  '{"a":1}',
  "☃".repeat(500),
  missingId,
];

/** All the wrong ways to call one command. */
function wrongCalls(one: (typeof commands)[number]): readonly (readonly [string, readonly string[]])[] {
  const at = (position: number, value: string): readonly string[] => [
    ...one.words,
    ...one.given.map((given, index) => (index === position ? value : given)),
  ];
  const options = one.given.filter((given) => given.startsWith("--"));
  const positions = one.given.map((_, index) => index).filter((index) => !(one.given[index] ?? "").startsWith("--"));
  const calls: (readonly [string, readonly string[]])[] = [
    ["an unknown option", [...one.words, ...one.given, "--nonsense"]],
    ["an extra argument of 1 MB", [...one.words, ...one.given, "x".repeat(1024 * 1024)]],
    ["10,000 arguments", [...one.words, ...one.given, ...Array.from({ length: 10_000 }, (_, index) => `a${String(index)}`)]],
    ["words after --", [...one.words, ...one.given, "--", "--json", "-rf"]],
  ];
  for (const position of positions) {
    calls.push(
      [`nothing as argument ${String(position)}`, [...one.words, ...options]],
      [`an empty argument ${String(position)}`, at(position, "")],
      [`1 MB as argument ${String(position)}`, at(position, "x".repeat(1024 * 1024))],
    );
    if (one.fixed?.includes(position) !== true)
      for (const text of hostile)
        calls.push([
          `${JSON.stringify(text.slice(0, 30))} as argument ${String(position)}`,
          [
            ...at(position, text).slice(0, one.words.length),
            ...options,
            "--",
            ...at(position, text)
              .slice(one.words.length)
              .filter((word) => !options.includes(word)),
          ],
        ]);
  }
  return calls;
}

/** What is wrong with how a refusal was told; the error itself only when something is. */
function told(exit: number, err: string) {
  // oxlint-disable-next-line no-control-regex -- control characters are what this looks for
  const isSafe = !/[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u202A-\u202E]/u.test(err) && !/\.ts:\d|node_modules|\bat async\b/u.test(err);
  const facts = {
    isRefused: [2, 3, 4, 5].includes(exit),
    isSentence: /^xvc: .+/u.test(err),
    saysWhyAndNext: /\n {2}why: .+\n {2}next: .+\n$/u.test(err),
    isShort: err.length < 4_000,
    isSafe,
  };
  return { ...facts, shown: Object.values(facts).every(Boolean) ? "" : `${String(exit)}: ${err.slice(0, 400)}` };
}

const wellTold = { isRefused: true, isSentence: true, saysWhyAndNext: true, isShort: true, isSafe: true, shown: "" };

const openSeeded = async () => {
  const cli = await openCliWorld({
    files: { [planFile]: JSON.stringify({ decomposition: [{ task: "a", persona: "contributor", dependencies: ["a"] }] }) },
  });
  const { label } = await cli.world.filed();
  await cli.world.asToken("POST", `/api/requests/${label}/plan`, { body: { document: cli.world.plan } });
  return cli;
};

test.each(commands)("$words: every wrong call is refused in words, prints no data and changes nothing", async (one) => {
  const { run, events, systemCalls, files } = await openSeeded();
  const before = [events(), files.size];
  for (const [what, argv] of wrongCalls(one)) {
    const { exit, out, err } = await run(...argv);
    expect({ what, out, ...told(exit, err) }).toEqual({ what, out: "", ...wellTold });
  }
  expect([events(), files.size]).toEqual(before);
  expect(systemCalls).toEqual([]);
});

test.each([
  ["a budget in words", ["request", "submit", "x", "--budget", "lots"]],
  ["a negative budget", ["request", "submit", "x", "--budget=-5"]],
  ["an endless budget", ["request", "submit", "x", "--budget", "1e999"]],
  ["a deadline that is no date", ["request", "submit", "x", "--deadline", "tomorrow; rm -rf /"]],
  ["a project that is not there", ["request", "submit", "x", "--project", "$(id)"]],
  ["an empty input", ["request", "submit", "x", "--input", ""]],
  ["21 inputs", ["request", "submit", "x", ...Array.from({ length: 21 }, () => ["--input", "."]).flat()]],
  ["101 inputs", ["request", "submit", "x", ...Array.from({ length: 101 }, () => ["--input", "."]).flat()]],
  ["an input with a NUL", ["request", "submit", "x", "--input", "a\0b"]],
  ["an input of 1 MB", ["request", "submit", "x", "--input", "x".repeat(1024 * 1024)]],
  ["a directory with a line break", ["request", "submit", "x", "--out", "a\nb"]],
  ["an empty directory", ["request", "submit", "x", "--out", ""]],
  ["a directory that is a file", ["request", "submit", "x", "--out", planFile]],
  ["a limit in words", ["request", "list", "--limit", "all"]],
  ["a state that is none", ["request", "list", "--state", "$(id)"]],
  ["a cursor that is none", ["request", "list", "--cursor", "x".repeat(500)]],
  ["a number that is none", ["plan", "show", "ENG-1", "--number", "0"]],
  ["a confirmation that is wrong", ["plan", "approve", "ENG-1", "--confirm", "ENG-2"]],
  ["two values", ["inbox", "answer", "ENG-1", "approve", "--value", "a", "--input", "b"]],
  ["a choice that is none", ["inbox", "answer", "ENG-1", "$(id)"]],
  ["an output without a file", ["task", "submit", "ENG-1/draft", "--output", "draft.md"]],
  ["minutes in words", ["task", "submit", "ENG-1/draft", "--output", `draft.md=${planFile}`, "--minutes", "long"]],
  ["json and jsonl at once", ["request", "list", "--json", "--jsonl"]],
])("%s is refused before anything is done", async (_what, argv) => {
  const { run, events, files } = await openSeeded();
  const before = [events(), files.size];
  const { exit, out, err } = await run(...argv);
  expect({ out, ...told(exit, err) }).toEqual({ out: "", ...wellTold });
  expect([events(), files.size]).toEqual(before);
});

test("an unknown word gets a suggestion", async () => {
  const { run } = await openCliWorld();
  expect(await run("reqest")).toMatchObject({ exit: 2, out: "", err: expect.stringContaining("Did you mean request?") as string });
  expect(await run("request", "sumbit", "x")).toMatchObject({
    exit: 2,
    out: "",
    err: expect.stringContaining("Did you mean submit?") as string,
  });
});

test("every command has help with examples", async () => {
  const { run } = await openCliWorld();
  for (const { words } of commands) {
    const { exit, out, err } = await run(...words, "--help");
    expect([words, exit, err]).toEqual([words, 0, ""]);
    expect(out).toContain("Examples:\n");
    expect(out).toContain(`$ xvc ${words.join(" ")}`);
  }
});
