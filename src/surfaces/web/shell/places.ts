/** Where the shell leads: one row per page, in the order of the rail. Whoever adds a page adds its row; an address without a route does not compile. */
import {
  BookOpen,
  Boxes,
  Building2,
  CalendarRange,
  ChartGantt,
  ChartNoAxesColumn,
  ClipboardList,
  Columns3,
  House,
  Inbox,
  Landmark,
  Layers,
  ListChecks,
  ScrollText,
  Settings,
  Target,
  Users,
  type LucideIcon,
} from "lucide-react";

/** `need`: what is asked of the reader; `work`: what runs; `know`: who and what there is; `run`: how the whole is doing. A hairline parts them. */
export type PlaceGroup = "need" | "work" | "know" | "run";

export interface Place {
  readonly to: string;
  readonly label: string;
  readonly Icon: LucideIcon;
  /** The letter after `G`. `x`, `j`, `k` and `g` are taken. */
  readonly key: string;
  readonly group: PlaceGroup;
  /** Stands in the bar of a phone; at most four, the rest is under "More". */
  readonly onPhone?: boolean;
}

export const places = [
  { to: "/", label: "Home", Icon: House, key: "h", group: "need", onPhone: true },
  { to: "/inbox", label: "Inbox", Icon: Inbox, key: "i", group: "need", onPhone: true },
  { to: "/requests", label: "Requests", Icon: ListChecks, key: "r", group: "work", onPhone: true },
  { to: "/tasks", label: "My work", Icon: ClipboardList, key: "w", group: "work", onPhone: true },
  { to: "/board", label: "Board", Icon: Columns3, key: "o", group: "work" },
  { to: "/portfolio", label: "Portfolio", Icon: ChartGantt, key: "f", group: "work" },
  { to: "/epics", label: "Epics", Icon: Layers, key: "c", group: "work" },
  { to: "/sprints", label: "Sprints", Icon: CalendarRange, key: "n", group: "work" },
  { to: "/people", label: "People", Icon: Users, key: "p", group: "know" },
  { to: "/divisions", label: "Divisions", Icon: Building2, key: "d", group: "know" },
  { to: "/objectives", label: "Objectives", Icon: Target, key: "e", group: "know" },
  { to: "/playbooks", label: "Playbooks", Icon: BookOpen, key: "b", group: "know" },
  { to: "/entities", label: "Entities", Icon: Boxes, key: "y", group: "know" },
  { to: "/memory", label: "Memory", Icon: Landmark, key: "m", group: "know" },
  { to: "/metrics", label: "Metrics", Icon: ChartNoAxesColumn, key: "t", group: "run" },
  { to: "/audit", label: "Audit", Icon: ScrollText, key: "a", group: "run" },
  { to: "/settings", label: "Settings", Icon: Settings, key: "s", group: "run" },
] as const satisfies readonly Place[];

export type KnownPlace = (typeof places)[number];

/** Pages below those: found by their name, without a place in the rail. The settings' tabs are named as `settings-tabs.ts` has them. */
export const furtherPlaces: readonly Pick<Place, "to" | "label" | "Icon">[] = [
  { to: "/personas", label: "Personas", Icon: Users },
  { to: "/entity-types", label: "Types of entities", Icon: Boxes },
  { to: "/setup", label: "Set up", Icon: Settings },
  ...(
    [
      ["profile", "Profile"],
      ["notifications", "Notifications"],
      ["sessions", "Sign-in"],
      ["calendars", "Calendars"],
      ["keys", "Keys"],
      ["people", "People"],
      ["teams", "Teams"],
      ["projects", "Projects"],
      ["organization", "Organization"],
      ["policies", "Policies"],
      ["installation", "Installation"],
      ["models", "Models"],
      ["agents", "Agents"],
      ["tools", "Tools"],
      ["budgets", "Budgets"],
    ] as const
  ).map(([id, label]) => ({ to: `/settings/${id}`, label: `Settings: ${label}`, Icon: Settings })),
];
