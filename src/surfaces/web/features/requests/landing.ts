import type { Role } from "../oversight/people-admin-data.ts";

/** Who only reads lands on the log, who only does tasks on their work; who decides anything lands on Home, which begins with what needs them. */
export function landingOf(roles: readonly Role[]): "/" | "/audit" | "/tasks" {
  const isOnly = (role: Role): boolean => roles.length > 0 && roles.every((one) => one === role);
  if (isOnly("auditor")) return "/audit";
  return isOnly("contributor") ? "/tasks" : "/";
}

const storageKey = "xvc.landed";

/** Whether this tab was at `/` before: from then on `/` is Home, a reload included. */
export function hasLanded(): boolean {
  try {
    return sessionStorage.getItem(storageKey) !== null;
  } catch {
    // Storage may be refused: Home is where nobody is sent away from.
    return true;
  }
}

export function noteLanding(): void {
  try {
    sessionStorage.setItem(storageKey, "1");
  } catch {
    // Nothing to keep it in, and nobody was sent anywhere.
  }
}
