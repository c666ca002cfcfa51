import { Monitor, Moon, Rows3, Rows4, Sun, type LucideIcon } from "lucide-react";
import { IconButton } from "./controls.tsx";
import { type Density, setDensity, useDensity } from "./density.ts";
import { setTheme, type Theme, useTheme } from "./theme.ts";

const themes: Readonly<Record<Theme, { readonly next: Theme; readonly Icon: LucideIcon; readonly label: string }>> = {
  system: { next: "light", Icon: Monitor, label: "Theme: as the system. Switch to light" },
  light: { next: "dark", Icon: Sun, label: "Theme: light. Switch to dark" },
  dark: { next: "system", Icon: Moon, label: "Theme: dark. Follow the system" },
};

export function ThemeButton() {
  const { next, Icon, label } = themes[useTheme()];
  return (
    <IconButton label={label} onClick={() => setTheme(next)}>
      <Icon size={16} aria-hidden="true" />
    </IconButton>
  );
}

const densities: Readonly<Record<Density, { readonly next: Density; readonly Icon: LucideIcon; readonly label: string }>> = {
  comfortable: { next: "compact", Icon: Rows3, label: "Rows: comfortable. Switch to compact" },
  compact: { next: "comfortable", Icon: Rows4, label: "Rows: compact. Switch to comfortable" },
};

export function DensityButton() {
  const { next, Icon, label } = densities[useDensity()];
  return (
    <IconButton label={label} onClick={() => setDensity(next)}>
      <Icon size={16} aria-hidden="true" />
    </IconButton>
  );
}
