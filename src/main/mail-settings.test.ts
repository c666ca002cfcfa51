import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { readMailServer } from "./mail-settings.ts";

const from = { XVC_MAIL_FROM: "Acme xVC <xvc@acme.example>" };

test("reads a mail server from one URL, or from its parts, with secrets in files", async () => {
  expect(readMailServer({})).toBeNull();
  expect(readMailServer({ XVC_SMTP_URL: "smtps://ada:s%40fe@mail.acme.example", ...from })).toEqual({
    host: "mail.acme.example",
    port: 465,
    secure: true,
    requireTls: false,
    user: "ada",
    password: "s@fe",
    from: "xvc@acme.example",
    fromName: "Acme xVC",
  });
  const folder = await mkdtemp(path.join(tmpdir(), "xvc-mail-"));
  try {
    await writeFile(path.join(folder, "password"), "from a file\n");
    const parts = { XVC_SMTP_HOST: "mail.acme.example", XVC_SMTP_USER: "ada", XVC_SMTP_PASSWORD_FILE: path.join(folder, "password") };
    expect(readMailServer({ ...parts, XVC_MAIL_FROM: "xvc@acme.example" })).toMatchObject({
      port: 587,
      secure: false,
      requireTls: true,
      password: "from a file",
      fromName: "xVC Orchestrator",
    });
    expect(() => readMailServer({ ...from, XVC_SMTP_URL_FILE: path.join(folder, "absent") })).toThrow(
      /XVC_SMTP_URL_FILE names .*, which is not there\. .* or set XVC_SMTP_URL itself/u,
    );
  } finally {
    await rm(folder, { recursive: true });
  }
});

test("insists on TLS outside of this machine, unless told otherwise", () => {
  const required = (url: string) => readMailServer({ XVC_SMTP_URL: url, ...from })?.requireTls;
  expect([
    required("smtp://mail.acme.example"),
    required("smtp://mail.acme.example?tls=optional"),
    required("smtp://127.0.0.1:25"),
    required("smtp://[::1]:25"),
  ]).toEqual([true, false, false, false]);
});

test.each([
  [{ XVC_SMTP_URL: "https://mail.acme.example", ...from }, "XVC_SMTP_URL"],
  [{ XVC_SMTP_URL: "mail", ...from }, "XVC_SMTP_URL"],
  [{ XVC_SMTP_HOST: "mail", XVC_SMTP_PORT: "0", ...from }, "XVC_SMTP_PORT"],
  [{ XVC_SMTP_URL: "smtp://mail" }, "XVC_MAIL_FROM"],
  [{ XVC_SMTP_URL: "smtp://mail", XVC_MAIL_FROM: "a@b, c@d" }, "XVC_MAIL_FROM"],
])("says which setting is wrong: %o", (environment, name) => {
  expect(() => readMailServer(environment)).toThrow(
    expect.objectContaining({ code: "settings.mail-invalid", message: expect.stringContaining(name) as string }),
  );
});
