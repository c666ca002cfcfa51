import { Menu } from "@base-ui/react/menu";
import { useNavigate } from "@tanstack/react-router";
import { Check, ChevronsUpDown } from "lucide-react";
import { projectButtonLook } from "./project-look.ts";
import { useProjectKey } from "./project-scope.ts";

interface MenuProps {
  readonly projects: readonly { readonly key: string; readonly name: string; readonly mode: "real" | "rehearsal" }[];
}

const itemLook =
  "flex min-h-8 cursor-default items-center gap-2 rounded px-2 text-sm outline-none data-highlighted:bg-accent data-highlighted:text-on-accent";

/** Narrows every page to one project, or to none. */
export function ProjectMenu({ projects }: MenuProps) {
  const chosen = useProjectKey();
  const navigate = useNavigate();
  const name = projects.find((project) => project.key === chosen)?.name ?? "All projects";
  const choose = (key: string) => void navigate({ to: ".", search: (before) => ({ ...before, project: key }) });
  return (
    <Menu.Root modal={false}>
      <Menu.Trigger aria-label={`Project: ${name}`} className={projectButtonLook}>
        <span className="min-w-0 flex-1 truncate text-left max-rail:hidden max-sm:inline">{name}</span>
        <span className="id hidden max-rail:inline max-sm:hidden">{chosen === "" ? "All" : chosen}</span>
        <ChevronsUpDown size={13} aria-hidden="true" className="shrink-0 text-ink-3 max-rail:hidden max-sm:inline" />
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner sideOffset={4} align="start" className="z-30">
          <Menu.Popup className="max-h-[60vh] min-w-52 overflow-y-auto rounded-md bg-sheet p-1 shadow-float outline-none">
            <Menu.RadioGroup value={chosen} onValueChange={choose}>
              {[{ key: "", name: "All projects", mode: "real" as const }, ...projects].map((project) => (
                <Menu.RadioItem key={project.key} value={project.key} closeOnClick className={itemLook}>
                  <span className="inline-flex w-3.5">
                    <Menu.RadioItemIndicator>
                      <Check size={14} aria-hidden="true" />
                    </Menu.RadioItemIndicator>
                  </span>
                  <span className="min-w-0 flex-1 truncate">{project.name}</span>
                  <span className="id opacity-75">{project.key}</span>
                  {project.mode === "rehearsal" && <span className="text-xs">rehearsal</span>}
                </Menu.RadioItem>
              ))}
            </Menu.RadioGroup>
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}
