import { accessSync, constants } from "node:fs";
import path from "node:path";
import process from "node:process";

/** The headless build first: the same engine without the pages of the window itself, which cost as much again as ours. */
const names = ["chromium-headless-shell", "chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];

/** `CHROMIUM_PATH`, else the first Chromium on the PATH, else null. Playwright is always given this path: it downloads nothing. */
export function findChromium(): string | null {
  const given = process.env["CHROMIUM_PATH"];
  if (given !== undefined && given !== "") return isProgram(given) ? given : null;
  const folders = (process.env["PATH"] ?? "").split(path.delimiter).filter((folder) => folder !== "");
  const files = folders.flatMap((folder) => names.map((name) => path.join(folder, name)));
  return files.find(isProgram) ?? null;
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
