import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app.tsx";
import { applyDensity } from "./shell/density.ts";
import { applyTheme } from "./shell/theme.ts";
import "./styles.css";

applyTheme();
applyDensity();
const root = document.getElementById("root");
if (root !== null)
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
