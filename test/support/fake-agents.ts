import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const modules = fileURLToPath(new URL("../../node_modules", import.meta.url));

/** How the agent behaves; it speaks the real protocol by the same library, or the real lines. */
export type FakeAgent = "good" | "hang" | "crash" | "wrong-mode" | "no-mode" | "leaves-mode" | "outside" | "link" | "asks";

const behaviours: readonly FakeAgent[] = ["good", "hang", "crash", "wrong-mode", "no-mode", "leaves-mode", "outside", "link", "asks"];

/** Writes programs named as the real ones; `pathOf` is the folder for the PATH in which each does what is said. */
export function writeFakeAgents(place: string): { pathOf(how: FakeAgent): string } {
  const pathOf = (how: FakeAgent): string => path.join(place, "node_modules", how);
  // Copies, because the sandbox shows this folder alone.
  for (const name of ["@agentclientprotocol/sdk", "zod"])
    cpSync(path.join(modules, name), path.join(place, "node_modules", name), {
      recursive: true,
      filter: (file) => !/\.(?:map|d\.ts|cts)$/u.test(file),
    });
  for (const how of behaviours) {
    mkdirSync(pathOf(how), { recursive: true });
    writeFileSync(path.join(pathOf(how), "package.json"), '{"type":"module"}');
    for (const [name, text] of [
      ["opencode", acpAgent(how)],
      ["codex", codexAgent(how)],
      ["declared", declaredProgram],
    ] as const)
      writeFileSync(path.join(pathOf(how), name), text, { mode: 0o755 });
  }
  return { pathOf };
}

const work = `
import fs from "node:fs";
import net from "node:net";
const outputs = ".xvc/outputs";
const doTask = () => {
  fs.mkdirSync(outputs, { recursive: true });
  fs.writeFileSync(outputs + "/one.md", "# One\\n");
  fs.writeFileSync(outputs + "/two.json", "{}");
  if (fs.existsSync("sum.js")) fs.writeFileSync("sum.js", fs.readFileSync("sum.js", "utf8").replace("a - b", "a + b"));
  fs.writeFileSync("added.txt", "new\\n");
  // What is no part of the work: git's own folder, and the instructions.
  fs.writeFileSync(".git/hooks-were-here", "x");
  fs.appendFileSync("AGENTS.md", "changed\\n");
};
const say = async (text) => {
  const answer = await fetch("http://127.0.0.1:7777/v1/chat/completions", {
    method: "POST",
    headers: { "content-type": "application/json", authorization: "Bearer none-in-here" },
    body: JSON.stringify({ model: "another", stream: true, messages: [{ role: "user", content: text }] }),
  });
  return answer.status + " " + (await answer.text());
};
const reach = async (path) => (await fetch("http://127.0.0.1:7777" + path, { method: "POST", body: "{}" })).status;
const connects = (to) => new Promise((settle) => {
  const socket = net.connect(to);
  socket.once("connect", () => { socket.destroy(); settle(true); });
  socket.once("error", () => settle(false));
});
`;

const acpAgent = (how: FakeAgent): string => `#!/usr/bin/env node
import { Readable, Writable } from "node:stream";
import { agent, methods, ndJsonStream } from "@agentclientprotocol/sdk";
${work}
const how = ${JSON.stringify(how)};
if (process.argv.includes("--version")) { console.log("9.9.9"); process.exit(0); }
const modes = { currentModeId: "build", availableModes: [{ id: "build", name: "Build" }, { id: "auto", name: "Auto" }] };
const app = agent({ name: "fake" })
  .onRequest(methods.agent.initialize, ({ params }) => ({
    protocolVersion: params.protocolVersion,
    agentCapabilities: {},
    agentInfo: { name: "fake", version: "1.2.3" },
    authMethods: [],
  }))
  .onRequest(methods.agent.session.new, () => {
    if (how === "no-mode") return { sessionId: "s" };
    if (how === "wrong-mode") return { sessionId: "s", modes: { currentModeId: "auto", availableModes: [{ id: "auto", name: "Auto" }] } };
    return { sessionId: "s", modes };
  })
  .onRequest(methods.agent.session.setMode, () => ({}))
  .onRequest(methods.agent.session.prompt, async ({ client }) => {
    const update = (sent) => client.notify(methods.client.session.update, { sessionId: "s", update: sent });
    const text = (said) => update({ sessionUpdate: "agent_message_chunk", content: { type: "text", text: said } });
    const ask = (kind, path) => client.request(methods.client.session.requestPermission, {
      sessionId: "s",
      toolCall: { toolCallId: kind, kind, title: kind + " " + path, status: "pending", locations: [{ path }] },
      options: [{ optionId: "always", name: "Always", kind: "allow_always" }, { optionId: "once", name: "Once", kind: "allow_once" }, { optionId: "no", name: "No", kind: "reject_once" }],
    });
    if (how === "hang") { await text("I think."); await new Promise(() => {}); }
    if (how === "crash") { process.stderr.write("it broke\\n"); process.exit(3); }
    if (how === "leaves-mode") { await update({ sessionUpdate: "current_mode_update", currentModeId: "auto" }); doTask(); return { stopReason: "end_turn" }; }
    await text("I fix the sum.");
    const said = [await say("hello")];
    await update({ sessionUpdate: "tool_call", toolCallId: "t", title: "edit sum.js", kind: "edit", status: "pending" });
    if (how === "asks") {
      const inside = await ask("edit", process.cwd() + "/sum.js");
      const outside = await ask("edit", "/etc/passwd");
      const fetched = await ask("fetch", process.cwd());
      said.push([inside, outside, fetched].map(({ outcome }) => outcome.optionId ?? outcome.outcome).join(","));
    }
    doTask();
    if (how === "outside") {
      const tried = [];
      const attempt = (name, act) => { try { act(); tried.push(name); } catch {} };
      // There is a folder of that name inside, which is not the host's.
      attempt("nothing", () => { fs.writeFileSync("/etc/xvc-escape", "x"); throw new Error("not counted"); });
      attempt("host", () => fs.readFileSync(${JSON.stringify("/etc/passwd")}));
      attempt("environment", () => { if (process.env.XVC_TEST_SECRET === undefined) throw new Error("none"); });
      for (const path of ["/v1/embeddings", "/v1/files", "/v1/responses"]) if ((await reach(path)) !== 403) tried.push(path);
      if (await connects({ host: "1.1.1.1", port: 443 })) tried.push("network");
      fs.writeFileSync(outputs + "/one.md", "# tried: " + tried.join(", ") + "\\n");
    }
    if (how === "link") fs.symlinkSync("/etc/passwd", "leads-out");
    await text(said.join(" ") + " Done.");
    return { stopReason: "end_turn" };
  });
app.connect(ndJsonStream(Writable.toWeb(process.stdout), Readable.toWeb(process.stdin)));
`;

const codexAgent = (how: FakeAgent): string => `#!/usr/bin/env node
${work}
const line = (event) => console.log(JSON.stringify(event));
if (process.argv.includes("--version")) { console.log("codex-cli 9.9.9"); process.exit(0); }
let prompt = "";
for await (const part of process.stdin) prompt += part;
line({ type: "thread.started", thread_id: "t" });
if (${JSON.stringify(how)} === "crash") process.exit(4);
console.log("no json at all");
line({ type: "item.completed", item: { id: "0", type: "agent_message", text: "I read " + (prompt.includes("hand it in") ? "the task" : "nothing") } });
line({ type: "item.started", item: { id: "1", type: "command_execution", command: "npm test" } });
doTask();
line({ type: "item.completed", item: { id: "2", type: "agent_message", text: "All done." } });
line({ type: "turn.completed", usage: { input_tokens: 1, output_tokens: 1 } });
`;

const declaredProgram = `#!/usr/bin/env node
${work}
const [prompt, outputs_, tree] = process.argv.slice(2);
if (!fs.readFileSync(prompt, "utf8").includes("hand it in") || tree !== process.cwd() || !outputs_.startsWith(tree)) process.exit(9);
doTask();
console.log(JSON.stringify({ text: "first" }));
console.log("{broken");
console.log(JSON.stringify({ result: "declared and done" }));
`;
