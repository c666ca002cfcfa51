import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { asId } from "../core/shared/ids.ts";
import { readSignIn } from "./sign-in-settings.ts";

const home = { organizationId: asId<"organization">("o"), personId: "p", projectId: "j" };
const service = { XVC_OIDC_ISSUER: "https://login.acme.example", XVC_OIDC_CLIENT_ID: "xvc" };

test("a client secret's file that is missing, a folder or empty is named with the way to mend it, and nothing speaks of mail", async () => {
  const folder = await mkdtemp(path.join(tmpdir(), "xvc-oidc-"));
  try {
    await writeFile(path.join(folder, "empty"), "\n");
    for (const [file, why] of [
      ["absent", "which is not there"],
      [".", "which is a folder"],
      ["empty", "which is empty"],
    ] as const) {
      const named = path.join(folder, file);
      const read = () => readSignIn({ ...service, XVC_OIDC_CLIENT_SECRET_FILE: named }, home, { mailSignInLink: null });
      expect(read).toThrow(expect.objectContaining({ code: "settings.secret-unreadable" }));
      expect(read).toThrow(`XVC_OIDC_CLIENT_SECRET_FILE names ${named}, ${why}`);
      expect(read).toThrow("or set XVC_OIDC_CLIENT_SECRET itself; then start again.");
    }
    await writeFile(path.join(folder, "secret"), "s\n");
    expect(
      readSignIn({ ...service, XVC_OIDC_CLIENT_SECRET_FILE: path.join(folder, "secret") }, home, { mailSignInLink: null }).oidc,
    ).not.toBeNull();
  } finally {
    await rm(folder, { recursive: true });
  }
});
