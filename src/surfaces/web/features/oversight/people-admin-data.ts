/** What the pages about people read and send. */
import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import type {
  ErasurePreview,
  ProjectAccessDocument,
  RemovalPreview,
  SessionsDocument,
  TeamsDocument,
} from "../../../../contract/people-contract.ts";
import type { MemberDocument } from "../../../../contract/session-contract.ts";
import { call } from "../../api.ts";

export const teamsQuery = queryOptions({ queryKey: ["people", "teams"], queryFn: () => call<TeamsDocument>("GET", "/api/teams") });

export const projectAccessQuery = queryOptions({
  queryKey: ["people", "access"],
  queryFn: () => call<ProjectAccessDocument>("GET", "/api/project-access"),
});

export const sessionsQuery = queryOptions({ queryKey: ["sessions"], queryFn: () => call<SessionsDocument>("GET", "/api/sessions") });

export const removalQuery = (personId: string) =>
  queryOptions({
    queryKey: ["people", personId, "removal"],
    queryFn: () => call<RemovalPreview>("GET", `/api/people/${personId}/removal`),
    staleTime: 0,
  });

export const erasureQuery = (personId: string) =>
  queryOptions({
    queryKey: ["people", personId, "erasure"],
    queryFn: () => call<ErasurePreview>("GET", `/api/people/${personId}/erasure`),
    staleTime: 0,
  });

export type Role = MemberDocument["roles"][number];

/** In the order in which they are offered, with what each means in a line. */
export const roleChoices: readonly { readonly role: Role; readonly label: string; readonly meaning: string }[] = [
  { role: "administrator", label: "Administrator", meaning: "people, projects and settings" },
  { role: "director", label: "Director", meaning: "final authority over plans and principles" },
  { role: "lead", label: "Lead", meaning: "approves plans, moves work, keeps the library" },
  { role: "contributor", label: "Contributor", meaning: "files requests and does tasks" },
  { role: "agent", label: "Agent", meaning: "a program: acts on tasks, decides nothing; stands alone" },
  { role: "auditor", label: "Auditor", meaning: "reads every project, changes nothing; stands alone" },
];

/** Sends one act and reads everything about people and projects again. */
export function useAct<Answer = unknown>(path: string, onDone?: (answer: Answer) => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: object) => call<Answer>("POST", path, body),
    onSuccess: async (answer) => {
      onDone?.(answer);
      await Promise.all(["people", "me", "sessions", "setup"].map((key) => client.invalidateQueries({ queryKey: [key] })));
    },
  });
}
