import type { Crash } from '../lint/find';
import type { Platform } from '../lint/types';

/** Prepares platforms, each once. Gives back those that can read now, in the same order. */
export type Prepare = (platforms: readonly Platform[]) => Promise<Platform[]>;

export function openPreparations(onCrash: (crash: Crash) => void): Prepare {
  const preparations = new Map<Platform, Promise<boolean>>();
  return prepared;

  async function prepared(claiming: readonly Platform[]): Promise<Platform[]> {
    const ready: Platform[] = [];
    for (const platform of claiming) if (await prepare(platform)) ready.push(platform);
    return ready;
  }

  function prepare(platform: Platform): Promise<boolean> | boolean {
    if (platform.prepare === undefined) return true;
    const known = preparations.get(platform);
    if (known !== undefined) return known;
    const preparing = platform.prepare().then(
      () => true,
      (error: unknown) => {
        onCrash({ file: '', during: `preparing to read ${platform.name}`, error });
        return false;
      },
    );
    preparations.set(platform, preparing);
    return preparing;
  }
}
