import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense } from "react";
import { meQuery } from "../queries.ts";

const ProjectMenu = lazy(async () => ({ default: (await import("./project-menu.tsx")).ProjectMenu }));

export const projectButtonLook =
  "flex min-h-8 w-full min-w-0 items-center gap-2 rounded px-2.5 text-sm text-ink-2 hover:bg-wash hover:text-ink data-popup-open:bg-wash max-rail:justify-center max-rail:px-0 max-sm:w-auto max-sm:px-2";

/** Shown where there is a choice: with one project, every page is about it. */
export function ProjectSwitcher() {
  const me = useQuery(meQuery);
  const projects = me.data?.projects ?? [];
  if (projects.length < 2) return null;
  return (
    <Suspense fallback={<span className={projectButtonLook} />}>
      <ProjectMenu projects={projects} />
    </Suspense>
  );
}
