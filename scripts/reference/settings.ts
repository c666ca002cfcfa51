import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { cell, heading } from "./sources.ts";

type Reader = "people" | "agents" | "tests";

/** What each variable means, its default, and who it is for. */
const lines: { readonly [name: string]: readonly [reader: Reader, fallback: string, meaning: string] } = {
  XVC_HOME: [
    "people",
    "`$XDG_DATA_HOME/xvc`, else `~/.local/share/xvc`; for root `/var/lib/xvc`",
    "Directory of everything this installation keeps: database, content, cache, log, `server.json`. Two homes are two installations.",
  ],
  XVC_PORT: ["people", "4180", "Port of the server on 127.0.0.1; 0 chooses a free one. The flag `--port` wins."],
  XVC_URL: [
    "people",
    "the server of this machine, from `server.json`",
    "Address of the server that commands talk to: https, or http on this machine, so that no key crosses a network unencrypted.",
  ],
  XVC_API_KEY: ["people", "the token in `server.json`", "Key for `XVC_URL`; `xvc key create` makes one."],
  XVC_PROJECT: ["people", "the first active project", "Key of the project that `xvc request submit` files in when none is named."],
  DATABASE_URL: [
    "people",
    "the embedded PostgreSQL 18",
    "A PostgreSQL from version 15 on. The role it names owns an empty database and may create roles, or the four addresses below are given.",
  ],
  XVC_DATABASE_OWNER_URL: ["people", "made from `DATABASE_URL`", "Address as the role that owns schema `xvc` and runs our migrations."],
  XVC_DATABASE_ENGINE_URL: ["people", "made from `DATABASE_URL`", "Address as the role that owns schema `dbos`."],
  XVC_DATABASE_APP_URL: [
    "people",
    "made from `DATABASE_URL`",
    "Address as the role every process works with; it owns nothing and cannot pass row security by.",
  ],
  XVC_DATABASE_VERIFY_URL: [
    "people",
    "made from `DATABASE_URL`; may be absent",
    "Address as the role that only reads, for the world checker.",
  ],
  XVC_SMTP_URL: [
    "people",
    "none: no mail is sent",
    "Mail server: `smtps://user:password@host:465`, or `smtp://user:password@host:587` with STARTTLS, which `?tls=optional` makes optional. `XVC_SMTP_URL_FILE` names a file with it.",
  ],
  XVC_SMTP_HOST: ["people", "none", "Host of the mail server, instead of the URL."],
  XVC_SMTP_PORT: ["people", "587", "Its port; 465 speaks TLS from the first byte, every other one must offer STARTTLS."],
  XVC_SMTP_USER: ["people", "none: no sign-in", "User at the mail server."],
  XVC_SMTP_PASSWORD: ["people", "none", "Password at the mail server. `XVC_SMTP_PASSWORD_FILE` names a file with it."],
  XVC_MAIL_FROM: ["people", "none; needed with a mail server", "Whom mail comes from: `xvc@example.org`, or `Acme xVC <xvc@example.org>`."],
  XVC_EGRESS_ALLOW: [
    "people",
    "none",
    "`host:port`, several with commas between: addresses inside this network that chat and webhook channels may reach.",
  ],
  XVC_SECRET_KEY: [
    "people",
    "`secret.key` in `XVC_HOME`, made at the first start",
    "32 bytes or more in base64 that seal channel secrets and sign mailed links; the same on every machine of an installation. `XVC_SECRET_KEY_FILE` names a file with it.",
  ],
  XVC_PUBLIC_URL: [
    "people",
    "the server's address on this machine",
    "Address at which people open the page, through your proxy: used in links of messages, and its host is answered.",
  ],
  XVC_OIDC_ISSUER: [
    "people",
    "none: no sign-in service",
    "Address of an OpenID Connect service with which members sign in; https, or http on this machine.",
  ],
  XVC_OIDC_CLIENT_ID: ["people", "none; needed with `XVC_OIDC_ISSUER`", "How the sign-in service knows this server."],
  XVC_OIDC_CLIENT_SECRET: [
    "people",
    "none: a public client",
    "The secret at the sign-in service. `XVC_OIDC_CLIENT_SECRET_FILE` names a file with it.",
  ],
  XVC_EVIDENCE_DIR: [
    "people",
    "`evidence` in `XVC_HOME`",
    "Folder of the second place of checkpoints, one file of lines for each organization. On another disk or machine it is worth more.",
  ],
  XVC_WAL_ARCHIVE: [
    "people",
    "none: no log is kept",
    "Folder in which the embedded database keeps its finished log, 16 MB a piece, so that a backup can be carried on to any instant. Nothing in it is deleted. Best on another disk; it holds from the next start of the database on.",
  ],
  XVC_OIDC_NAME: ["people", "the host of `XVC_OIDC_ISSUER`", "What the sign-in page calls the service."],
  XDG_DATA_HOME: ["people", "`~/.local/share`", "Where user data lies, by the XDG base directory specification."],
  XDG_CONFIG_HOME: ["people", "`~/.config`", "Where `xvc/config.yaml` lies, by the XDG base directory specification."],
  XDG_CACHE_HOME: [
    "people",
    "`~/.cache`",
    "Where the compile cache of Node lies when `XVC_HOME` is not set, and `xvc/pg-<version>`, a copy of the database's programs, when those cannot run where they are installed (for root `/var/lib/xvc`).",
  ],
  NODE_COMPILE_CACHE: ["people", "below the two above", "The compile cache of Node itself."],
  XVC_NO_INSTALL: ["people", "not set", "`1`: the launcher installs nothing, whatever it finds."],
  XVC_VERIFY_URL: ["people", "none", "Database that the world checker `verify/cli.ts` reads when no flag names one."],
  XVC_MODEL_URL: ["agents", "the door of this attempt", "Address of the one model that it may ask."],
  XVC_MODEL: ["agents", "the connected agent's model", "The model's name."],
  XVC_MODEL_KEY: ["agents", "no key", "What programs send where a key is asked for; the real one is added outside of the sandbox."],
  XVC_NO_KEY: ["agents", "no key", "The same for Codex, which reads a key from a variable that its settings name."],
  XVC_CRASH_POINT: ["tests", "not set", "`<point>:<n>`: the process kills itself as it passes that point for the n-th time."],
  XVC_TEST_VOLUME: ["tests", "`test`", "`torture`: crash and simulation suites at the volume of a release; set by `npm run torture`."],
  XVC_TALLY_FILE: ["tests", "not set", "Where a suite writes its count; set by `npm test`."],
  XVC_PROBE_SECRET: ["tests", "not set", "Planted by the sandbox's own probe to show that no variable of ours gets in."],
  XVC_API: ["tests", "not set", "Server that the page's development server passes calls on to; set by `npm run dev`."],
  CHROMIUM_PATH: ["tests", "the Chromium or Chrome on the PATH, its headless build first", "Browser of the browser tests."],
  CI: ["tests", "not set", "Set: a test that cannot run here is a failure, not a skip."],
};

/** Read by every program; nothing of ours. */
const foreign = new Set(["PATH", "HOME", "NODE_ENV", "USER", "LANG", "TERM"]);

/** Names of environment variables that shipped code, the launcher and the test tools mention. */
export function collectSettings(root: string): readonly string[] {
  const folders = ["src", "bin", "scripts", "verify"].flatMap((folder) =>
    globSync(`${folder}/**/*`, { cwd: root, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => path.join(entry.parentPath, entry.name)),
  );
  const files = [
    ...folders,
    ...["vite.config.ts", "vitest.config.ts", "test/support/chromium.ts"].map((file) => path.join(root, file)),
  ].filter((file) => !/\.test\.tsx?$/.test(file) && !file.includes(`${path.sep}reference${path.sep}`));
  const names = new Set<string>();
  for (const file of files) {
    const text = readFileSync(file, "utf8");
    for (const [name] of text.matchAll(/\bXVC_[A-Z][A-Z_]*[A-Z]\b/g)) names.add(name);
    for (const [, name = ""] of text.matchAll(/\b(?:environment|env)(?:\.|\[")([A-Z][A-Z0-9_]*)\b/g)) names.add(name);
  }
  // The four addresses are put together from their role.
  if (names.delete("XVC_DATABASE")) names.add("XVC_DATABASE_OWNER_URL");
  return [...names].filter((name) => !foreign.has(name)).toSorted();
}

const settingProblems = (found: readonly string[]): readonly string[] => [
  ...found.filter((name) => lines[name] === undefined).map((name) => `${name} is read and has no line in settings.ts`),
  ...Object.keys(lines)
    .filter((name) => !found.includes(name))
    .map((name) => `settings.ts describes ${name}, which nothing reads`),
];

/** The reference page. @throws when a variable has no line, or a line no variable */
export function settingsPage(found: readonly string[]): string {
  const problems = settingProblems(found);
  if (problems.length > 0) throw new Error(problems.join("\n"));
  const rows = (reader: Reader): readonly string[] =>
    Object.entries(lines)
      .filter(([, [who]]) => who === reader)
      .map(([name, [, fallback, meaning]]) => `| \`${name}\` | ${cell(fallback)} | ${cell(meaning)} |`);
  return [
    ...heading(
      "Settings",
      "A setting is a flag, else an environment variable, else a line of the project's `xvc.yaml`, else a line of the user's `config.yaml`, else its default.",
    ),
    "`xvc config list --show-origin` prints those of people with where each comes from; keys and passwords are not shown.",
    "",
    "## Settings files",
    "",
    "Plain YAML of names and values; nothing in it is run. An unknown name or a value of the wrong type ends the command with exit 78.",
    "",
    "- `xvc.yaml`: the nearest one from the working directory up to the root of its git repository. It may set `port`, `project`. It may not set `home` or `url`: whoever wrote the repository could send your key or your work elsewhere.",
    "- `$XDG_CONFIG_HOME/xvc/config.yaml`, else `~/.config/xvc/config.yaml`: the same names, and `home` and `url`.",
    "",
    "```yaml",
    "project: ENG",
    "port: 4200",
    "```",
    "",
    "## Variables",
    "",
    "| variable | default | meaning |",
    "|---|---|---|",
    ...rows("people"),
    "",
    "## Given to coding agents",
    "",
    "| variable | value | meaning |",
    "|---|---|---|",
    ...rows("agents"),
    "",
    "## Tests and development",
    "",
    "| variable | default | meaning |",
    "|---|---|---|",
    ...rows("tests"),
    "",
    "## Files below `XVC_HOME`",
    "",
    "| file | holds |",
    "|---|---|",
    "| `pg-18` | the embedded database, mode 0700 |",
    "| `pg-18.json`, `external-*.json` | passwords of the database's roles, mode 0600 |",
    "| `content/` | artifacts and inputs by SHA-256, never edited |",
    "| `cache/` | inputs laid out for analysers, scratch directories; may be deleted while nothing runs |",
    "| `server.json` | address and token of the running server, mode 0600 |",
    "| `xvc.log`, `xvc-up.log`, `pg-18.log` | structured log lines, which `xvc logs` shows; output of a server started in the background; the database's own log |",
    "",
  ].join("\n");
}
