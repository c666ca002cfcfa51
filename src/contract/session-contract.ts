import { z } from "zod";
import { idField, lineField, listOf, nameField, roleField } from "./fields.ts";

/** `POST /sign-in/link`. */
export const signInBody = z.strictObject({ token: z.string().min(20).max(200) });
export type SignInBody = z.infer<typeof signInBody>;

/** `POST /api/sign-in-links`: a fresh one-time link, for the token of this machine. The secret appears here once. */
export const signInLink = z.object({ schema: z.literal("xvc.sign-in-link/1"), url: z.string().max(500), expiresAtMs: z.number().int() });
export type SignInLink = z.infer<typeof signInLink>;

export const projectDocument = z.object({
  id: idField,
  key: z.string().max(20),
  name: nameField,
  mode: z.enum(["real", "rehearsal"]),
  state: z.enum(["active", "archived"]),
  planApproverRoles: listOf(roleField, 10),
});
export type ProjectDocument = z.infer<typeof projectDocument>;

export const personDocument = z.object({
  id: idField,
  name: nameField,
  email: z.string().max(320).nullable(),
  roles: listOf(roleField, 10),
  state: z.enum(["invited", "active", "removed"]),
});
export type PersonDocument = z.infer<typeof personDocument>;

/** `GET /api/me`. `csrfToken` is null for a bearer token, which needs none. */
export const meDocument = z.object({
  schema: z.literal("xvc.me/1"),
  person: personDocument,
  organization: z.object({ id: idField, name: lineField, currency: z.string().max(10) }),
  projects: listOf(projectDocument, 500),
  csrfToken: z.string().max(200).nullable(),
  /** One person: four-eyes is replaced by typing the act's short id. */
  solo: z.boolean(),
});
export type MeDocument = z.infer<typeof meDocument>;

export const peopleDocument = z.object({ schema: z.literal("xvc.people/1"), items: listOf(personDocument, 1_000) });
export type PeopleDocument = z.infer<typeof peopleDocument>;

export const projectsDocument = z.object({ schema: z.literal("xvc.projects/1"), items: listOf(projectDocument, 500) });
export type ProjectsDocument = z.infer<typeof projectsDocument>;

/** `POST /api/projects`. The key is the prefix of every request's label. */
export const projectBody = z.strictObject({
  key: z.string().regex(/^[A-Z][A-Z0-9]{1,9}$/u, "must be 2 to 10 capital letters or digits, starting with a letter"),
  name: nameField,
  mode: z.enum(["real", "rehearsal"]).default("real"),
  planApproverRoles: listOf(roleField, 10).optional(),
});
export type ProjectBody = z.infer<typeof projectBody>;
