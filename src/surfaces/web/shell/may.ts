import { useQuery } from "@tanstack/react-query";
import { permissions } from "../../../core/oversight/permissions.ts";
import { meQuery } from "../queries.ts";
import { useMoment } from "./moment-context.ts";

export type CommandKind = keyof typeof permissions;

/** Whether these roles may send such a command at all; whether in this very case is the engine's to say. */
export function rolesMay(roles: readonly string[], command: CommandKind): boolean {
  const permission = permissions[command];
  return permission === "every-member" || (typeof permission !== "string" && permission.some((role) => roles.includes(role)));
}

/** What the reader's roles allow, by the engine's own table: an act it would refuse outright is not offered, nor any in the past. Until it is known who reads, acts are shown. */
export function useMay(): (command: CommandKind) => boolean {
  const roles = useQuery({ ...meQuery, enabled: false }).data?.person.roles;
  const isPast = useMoment() !== null;
  return (command) => !isPast && (roles === undefined || rolesMay(roles, command));
}
