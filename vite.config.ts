import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

/**
 * Builds the page into `dist/web`. No inlined assets and no inline scripts: the server's policy is `default-src 'self'`.
 * `XVC_API` names a running server for `vite` in development.
 */
export default defineConfig(({ mode }) => ({
  root: "src/surfaces/web",
  base: "/",
  plugins: [react(), tailwindcss()],
  build: {
    outDir: "../../../dist/web",
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    sourcemap: mode === "development",
  },
  server: {
    host: "127.0.0.1",
    strictPort: false,
    proxy: Object.fromEntries(
      ["/api", "/events", "/sign-in/link", "/sign-out"].map((path) => [path, process.env["XVC_API"] ?? "http://127.0.0.1:4680"]),
    ),
  },
}));
