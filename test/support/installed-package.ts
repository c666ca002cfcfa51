import { randomBytes } from "node:crypto";
import { chmod, cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { installedNativeDirectory } from "../../src/adapters/postgres/binaries.ts";
import type { Environment } from "../../src/adapters/postgres/data-directory.ts";

/** The package with the database's binaries, as npm would have put it somewhere else. */
export interface InstalledPackage {
  readonly native: string;
  /** What a start needs to keep its copies away from this machine's user. */
  readonly environment: Environment;
  /** Where this user's homes share copies. */
  readonly place: string;
  /** The one name a finished copy has: no other package has this version. */
  readonly copy: string;
  /** Whatever lies in the place because of this package, finished or not. */
  inPlace(): Promise<readonly string[]>;
  /** Where the package's own library links belong. */
  links(): Promise<readonly string[]>;
  remove(): Promise<void>;
}

export interface PackageOptions {
  /** The name of a directory above it. */
  readonly below?: string;
  /** The mode of that directory: 0700 hides the package from the database's account when root starts it. */
  readonly mode?: number;
}

export async function installPackage({ below = "packages", mode = 0o755 }: PackageOptions = {}): Promise<InstalledPackage> {
  const root = await mkdtemp(join(tmpdir(), "xvc-package-"));
  await chmod(root, 0o755);
  const parent = join(root, below);
  await mkdir(parent);
  const native = join(parent, "native");
  await cp(installedNativeDirectory(), native, { recursive: true, verbatimSymlinks: true });
  const version = `18.4.0-test.${randomBytes(6).toString("hex")}`;
  await writeFile(join(parent, "package.json"), JSON.stringify({ version }));
  await chmod(parent, mode);
  const cache = join(root, "cache");
  const place = process.getuid?.() === 0 ? "/var/lib/xvc" : join(cache, "xvc");
  const inPlace = async (): Promise<readonly string[]> => (await readdir(place).catch(() => [])).filter((name) => name.includes(version));
  return {
    native,
    environment: { XDG_CACHE_HOME: cache },
    place,
    copy: join(place, `pg-${version}`),
    inPlace,
    links: async () => {
      const listed = JSON.parse(await readFile(join(native, "pg-symlinks.json"), "utf8")) as readonly { readonly target: string }[];
      return listed.map(({ target }) => join(parent, target));
    },
    remove: async () => {
      for (const name of await inPlace()) await rm(join(place, name), { recursive: true, force: true });
      await rm(root, { recursive: true, force: true });
    },
  };
}
