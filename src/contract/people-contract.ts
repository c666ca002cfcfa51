import { z } from "zod";
import { countField, idField, instantField, lineField, listOf, nameField, roleField } from "./fields.ts";
import { accessField, memberDocument, projectDocument } from "./session-contract.ts";

/** `POST /api/people`: invites somebody. Without an address they come in by the link alone. */
export const inviteBody = z.strictObject({
  name: nameField,
  email: z.string().trim().max(320).optional(),
  roles: listOf(roleField, 6),
  /** `added`: a member at once, without a link, such as the account of a program. */
  as: z.enum(["invited", "added"]).default("invited"),
});
export type InviteBody = z.infer<typeof inviteBody>;

/** The only answer that ever carries the link. Null: the person was added without one. */
export const invitationDocument = z.object({
  schema: z.literal("xvc.invitation/1"),
  person: z.object({ id: idField, name: nameField }),
  url: z.string().max(500).nullable(),
  expiresAtMs: instantField.nullable(),
});
export type InvitationDocument = z.infer<typeof invitationDocument>;

export const rolesBody = z.strictObject({ roles: listOf(roleField, 6) });
export type RolesBody = z.infer<typeof rolesBody>;

export const profileBody = z.strictObject({ name: nameField, email: z.string().trim().max(320).nullable() });
export type ProfileBody = z.infer<typeof profileBody>;

export const organizationBody = z.strictObject({ name: nameField });
export type OrganizationBody = z.infer<typeof organizationBody>;

/** `GET /api/people/{reference}/removal`: what comes of a removal, in the projects that the reader sees. */
export const removalPreview = z.object({
  schema: z.literal("xvc.removal/1"),
  person: memberDocument,
  /** Claimed and not handed in: offered to others again. */
  tasks: listOf(z.object({ id: idField, label: z.string().max(200), title: lineField }), 100),
  taskCount: countField,
  /** Delegated to them and open: back to whoever could answer before. */
  itemCount: countField,
  sessionCount: countField,
  keyCount: countField,
  /** Projects that nobody else is named in. */
  orphanedProjects: listOf(z.string().max(20), 500),
});
export type RemovalPreview = z.infer<typeof removalPreview>;

const wish = z.object({
  by: z.object({ kind: z.enum(["person", "persona"]), id: idField, name: nameField }),
  atMs: instantField,
  reason: z.string().max(2_000),
});

/** `GET /api/people/{reference}/erasure`: what an erasure takes, what stands in its way, and what would go on naming the person. */
export const erasurePreview = z.object({
  schema: z.literal("xvc.erasure/1"),
  person: memberDocument,
  /** What somebody types who decides alone. */
  shortId: z.string().max(20),
  standing: z.enum(["member", "work-held", "held", "ready", "asked", "erased"]),
  asked: wish.nullable(),
  hold: wish.extend({ releaseAsked: wish.nullable() }).nullable(),
  /** Others who could agree; none: who asks decides alone. */
  others: listOf(nameField, 20),
  /** Present texts that name the person, in the projects that the reader sees. They stay as they are. */
  mentions: listOf(
    z.object({
      kind: z.string().max(50),
      id: idField,
      label: z.string().max(300),
      title: z.string().max(1_000),
      address: z.string().max(500),
    }),
    50,
  ),
  mentionsGoOn: z.boolean(),
  /** Channels of the organization that send to the person's address. */
  sharedChannels: listOf(z.string().max(200), 100),
});
export type ErasurePreview = z.infer<typeof erasurePreview>;

/** Asks for an erasure or for the end of a legal hold, or agrees to it; `confirmation` by whoever decides alone. */
export const erasureBody = z.strictObject({
  reason: z.string().trim().max(2_000).default(""),
  confirmation: z.string().trim().max(50).nullable().default(null),
});
export type ErasureBody = z.infer<typeof erasureBody>;

export const sessionDocument = z.object({
  id: z.string().max(64),
  about: z.string().max(200),
  createdAtMs: instantField,
  seenAtMs: instantField,
  expiresAtMs: instantField,
  /** The one that asks. */
  current: z.boolean(),
});
export type SessionDocument = z.infer<typeof sessionDocument>;
export const sessionsDocument = z.object({ schema: z.literal("xvc.sessions/1"), items: listOf(sessionDocument, 500) });
export type SessionsDocument = z.infer<typeof sessionsDocument>;

export const teamDocument = z.object({
  id: idField,
  name: nameField,
  memberIds: listOf(idField, 500),
  leadId: idField.nullable(),
});
export type TeamDocument = z.infer<typeof teamDocument>;
export const teamsDocument = z.object({ schema: z.literal("xvc.teams/1"), items: listOf(teamDocument, 200) });
export type TeamsDocument = z.infer<typeof teamsDocument>;

/** The team as it is from then on: whoever is not named is out. */
export const teamBody = z.strictObject({
  name: nameField,
  memberIds: listOf(idField, 500).default([]),
  leadId: idField.nullable().default(null),
});
export type TeamBody = z.infer<typeof teamBody>;

/** `POST /api/projects/{reference}`: what is absent stays. */
export const projectChangeBody = z.strictObject({ name: nameField.optional(), access: accessField.optional() });
export type ProjectChangeBody = z.infer<typeof projectChangeBody>;

/** `GET /api/project-access`: every project, for those who say who may enter it. */
export const projectAccessDocument = z.object({
  schema: z.literal("xvc.project-access/1"),
  items: listOf(projectDocument.extend({ open: z.boolean() }), 1_000),
});
export type ProjectAccessDocument = z.infer<typeof projectAccessDocument>;
