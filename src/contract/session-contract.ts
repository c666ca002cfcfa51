import { z } from "zod";
import { idField, instantField, lineField, listOf, nameField, roleField } from "./fields.ts";

/** `POST /sign-in/link`, and `POST /sign-in/look`, which uses nothing up. */
export const signInBody = z.strictObject({ token: z.string().min(20).max(200) });
export type SignInBody = z.infer<typeof signInBody>;

/** `POST /sign-in/look`: what the link would do, for the page that asks before it does it. */
export const linkPreview = z.object({
  schema: z.literal("xvc.link/1"),
  purpose: z.enum(["sign-in", "invitation"]),
  person: nameField,
  organization: lineField,
  expiresAtMs: instantField,
});
export type LinkPreview = z.infer<typeof linkPreview>;

/** `GET /sign-in/ways`: how people sign in here, beside a link from the server's machine. */
export const signInWays = z.object({
  schema: z.literal("xvc.sign-in-ways/1"),
  /** A link can be sent by mail. */
  mail: z.boolean(),
  /** The sign-in service's name; null: none is set up. */
  oidc: z.string().max(300).nullable(),
});
export type SignInWays = z.infer<typeof signInWays>;

/** `POST /sign-in/request`: a link by mail. The answer is the same for every address. */
export const linkRequestBody = z.strictObject({ email: z.string().trim().min(3).max(320) });
export type LinkRequestBody = z.infer<typeof linkRequestBody>;

/** `POST /api/sign-in-links`. Absent: for the one who asks. */
export const signInLinkBody = z.strictObject({ person: z.string().max(200).optional() });
export type SignInLinkBody = z.infer<typeof signInLinkBody>;

/** `POST /api/sign-in-links`: a fresh one-time link, for the token of this machine. The secret appears here once. */
export const signInLink = z.object({ schema: z.literal("xvc.sign-in-link/1"), url: z.string().max(500), expiresAtMs: z.number().int() });
export type SignInLink = z.infer<typeof signInLink>;

/** Who may enter a project. */
export const accessField = z.union([
  z.strictObject({ kind: z.literal("everyone") }),
  z.strictObject({ kind: z.literal("named"), personIds: listOf(idField, 500), teamIds: listOf(idField, 100) }),
]);
export type AccessDocument = z.infer<typeof accessField>;

export const projectDocument = z.object({
  id: idField,
  key: z.string().max(20),
  name: nameField,
  mode: z.enum(["real", "rehearsal"]),
  state: z.enum(["active", "archived"]),
  planApproverRoles: listOf(roleField, 10),
  access: accessField,
});
export type ProjectDocument = z.infer<typeof projectDocument>;

export const personDocument = z.object({
  id: idField,
  name: nameField,
  email: z.string().max(320).nullable(),
  roles: listOf(roleField, 10),
  state: z.enum(["invited", "active", "removed"]),
});
/** A member in the list of people. */
export const memberDocument = personDocument.extend({
  teams: listOf(z.object({ id: idField, name: nameField }), 200),
  /** When they last used a browser session that is still kept; null: not lately. */
  lastSeenAtMs: instantField.nullable(),
  /** Signs in with the organization's sign-in service. */
  linked: z.boolean(),
  /** What became of the personal data; absent: nothing was asked. */
  erasure: z.enum(["asked", "held", "erased"]).optional(),
});
export type MemberDocument = z.infer<typeof memberDocument>;

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

export const peopleDocument = z.object({ schema: z.literal("xvc.people/1"), items: listOf(memberDocument, 1_000) });
export type PeopleDocument = z.infer<typeof peopleDocument>;

export const projectsDocument = z.object({ schema: z.literal("xvc.projects/1"), items: listOf(projectDocument, 500) });
export type ProjectsDocument = z.infer<typeof projectsDocument>;

/** `POST /api/projects`. The key is the prefix of every request's label. */
export const projectBody = z.strictObject({
  key: z.string().regex(/^[A-Z][A-Z0-9]{1,9}$/u, "must be 2 to 10 capital letters or digits, starting with a letter"),
  name: nameField,
  mode: z.enum(["real", "rehearsal"]).default("real"),
  access: accessField.optional(),
});
export type ProjectBody = z.infer<typeof projectBody>;
