/** The tabs of the settings. Each is a module of its own that exports `Panel`, loaded when it is first opened. */
import { lazy, type ComponentType } from "react";
import type { PersonDocument } from "../../../../contract/session-contract.ts";

export type Role = PersonDocument["roles"][number];

export interface SettingsTab {
  /** The last part of its address. */
  readonly id: string;
  readonly label: string;
  readonly group: "You" | "Organization" | "Installation";
  /** Who sees it; absent: everybody. The engine refuses on its own what a role may not do. */
  readonly roles?: readonly Role[];
  readonly Panel: ComponentType;
}

type Load = () => Promise<{ readonly Panel: ComponentType }>;

const panel = (load: Load): ComponentType => lazy(async () => ({ default: (await load()).Panel }));

/** In the order of the list. Add a line; nothing else has to know. */
export const settingsTabs: readonly SettingsTab[] = [
  { id: "profile", label: "Profile", group: "You", Panel: panel(() => import("./settings-profile.tsx")) },
  { id: "notifications", label: "Notifications", group: "You", Panel: panel(() => import("./channels-panel.tsx")) },
  { id: "sessions", label: "Sign-in", group: "You", Panel: panel(() => import("./sessions-panel.tsx")) },
  { id: "calendars", label: "Calendars", group: "You", Panel: panel(() => import("./calendars-panel.tsx")) },
  { id: "keys", label: "Keys", group: "You", Panel: panel(() => import("./settings-keys.tsx")) },
  { id: "people", label: "People", group: "Organization", Panel: panel(() => import("./people-admin-panel.tsx")) },
  { id: "teams", label: "Teams", group: "Organization", Panel: panel(() => import("./people-admin-teams.tsx")) },
  { id: "projects", label: "Projects", group: "Organization", Panel: panel(() => import("./people-admin-projects.tsx")) },
  {
    id: "organization",
    label: "Organization",
    group: "Organization",
    roles: ["administrator"],
    Panel: panel(() => import("./settings-organization.tsx")),
  },
  { id: "policies", label: "Policies", group: "Organization", Panel: panel(() => import("./policies-panel.tsx")) },
  { id: "scripts", label: "Scripts", group: "Organization", Panel: panel(() => import("../memory/scripts-panel.tsx")) },
  { id: "installation", label: "Installation", group: "Installation", Panel: panel(() => import("./settings-installation.tsx")) },
  { id: "models", label: "Models", group: "Installation", Panel: panel(() => import("./settings-models.tsx")) },
  { id: "agents", label: "Agents", group: "Installation", Panel: panel(() => import("./settings-agents.tsx")) },
  { id: "tools", label: "Tools", group: "Installation", Panel: panel(() => import("./settings-tools.tsx")) },
  { id: "budgets", label: "Budgets", group: "Installation", Panel: panel(() => import("./settings-budgets.tsx")) },
];

export const settingsGroups = ["You", "Organization", "Installation"] as const;

/** Those that a reader with these roles sees. */
export const tabsFor = (roles: readonly Role[]): readonly SettingsTab[] =>
  settingsTabs.filter((tab) => tab.roles === undefined || tab.roles.some((role) => roles.includes(role)));
