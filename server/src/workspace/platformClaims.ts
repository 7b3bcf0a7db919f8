import type { Settings } from '../config/settings';
import type { Crash } from '../lint/find';
import type { Platform } from '../lint/types';
import type { WorkspaceHost } from './host';

/** Which platforms read which files. */
export interface PlatformClaims {
  /** Whether any platform may read a file of this name. Looks at the name only. */
  byName(file: string): boolean;
  /** The platforms that may read the file, by its name, and those that do, by its text. */
  platformsFor(file: string): readonly Platform[];
  /** The platforms that read the file, by its name and text. Remembered until the file changes. */
  platformsOf(file: string): readonly Platform[];
  /** As `platformsOf`, for content that is at hand. */
  reading(file: string, content: { readonly text: string; readonly version: string }): readonly Platform[];
  /** Whether one platform reads a file of this name, with this text if it is given. */
  isRead(platform: Platform, file: string, text: string | undefined): boolean;
}

/** The platforms that read a file of that version, under those settings: they may switch some off. */
interface Claims {
  readonly version: string | number | undefined;
  readonly settings: Settings;
  readonly platforms: readonly Platform[];
}

interface ClaimOptions {
  readonly host: WorkspaceHost;
  readonly platforms: readonly Platform[];
  readonly settingsFor: (file: string) => Settings;
  readonly onCrash: (crash: Crash) => void;
}

export function openClaims({ host, platforms, settingsFor, onCrash }: ClaimOptions): PlatformClaims {
  const claims = new Map<string, Claims>();
  return {
    byName: (file) => platforms.some((platform) => isRead(platform, file, undefined)),
    platformsFor: (file) => {
      const read = platformsOf(file);
      return platforms.filter((platform) => read.includes(platform) || isRead(platform, file, undefined));
    },
    platformsOf,
    reading,
    isRead,
  };

  function platformsOf(file: string): readonly Platform[] {
    const known = claims.get(file);
    if (known?.settings === settingsFor(file) && known.version === host.version(file)) return known.platforms;
    const content = host.content(file);
    return content.kind === 'none' ? [] : reading(file, content);
  }

  function reading(file: string, content: { readonly text: string; readonly version: string }): readonly Platform[] {
    const claiming = platforms.filter(
      (platform) => isRead(platform, file, undefined) && isRead(platform, file, content.text),
    );
    claims.set(file, { version: content.version, settings: settingsFor(file), platforms: claiming });
    return claiming;
  }

  function isRead(platform: Platform, file: string, text: string | undefined): boolean {
    try {
      return platform.claims(file, text);
    } catch (error) {
      onCrash({ file, during: `asking ${platform.name}`, error });
      return false;
    }
  }
}
