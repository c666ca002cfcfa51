import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense } from "react";
import { meQuery } from "../queries.ts";
import { projectButtonLook } from "./project-look.ts";

const ProjectMenu = lazy(async () => ({ default: (await import("./project-menu.tsx")).ProjectMenu }));

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
