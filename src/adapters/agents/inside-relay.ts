/**
 * Runs in the sandbox, before the agent: listens on a port of the empty network and passes every connection to the one socket that is
 * mounted (`-`: there is none), then starts the agent with its own standard streams and ends with it. Words: socket, port, folder, program, its words.
 */
export const insideRelay = `
const net = require("node:net"), { spawn } = require("node:child_process");
const [socket, port, folder, program, ...words] = process.argv.slice(1);
const relay = net.createServer((inner) => {
  const outer = net.connect({ path: socket });
  inner.pipe(outer).pipe(inner);
  inner.on("error", () => outer.destroy());
  outer.on("error", () => inner.destroy());
});
const start = () => {
  const child = spawn(program, words, { cwd: folder, stdio: "inherit" });
  child.on("error", (error) => { process.stderr.write(String(error) + "\\n"); process.exit(127); });
  child.on("exit", (code) => process.exit(code === null ? 137 : code));
};
if (socket === "-") start();
else relay.listen(Number(port), "127.0.0.1", start);
`;

/** The port inside; nobody else is on that network. */
export const relayPort = 7_777;
