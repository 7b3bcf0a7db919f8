import type { Settings } from '../config/settings';
import type { LintSettings } from '../lint/settings';
import type { Links } from './system/links';

const translated = new WeakMap<Settings, LintSettings>();

/** What the engine is told of the settings: the same object for the same settings. */
export function lintSettings(settings: Settings): LintSettings {
  const known = translated.get(settings);
  if (known !== undefined) return known;
  const { rules, origins, nginxVersion } = settings;
  const made = { rules, origins, platform: nginxVersion === undefined ? {} : { nginxVersion } };
  translated.set(settings, made);
  return made;
}

const linked = new WeakMap<Links, { readonly plain: LintSettings; readonly made: LintSettings }>();

/** With what other servers answer: the same object for the same settings and links. */
export function linkedSettings(plain: LintSettings, links: Links | undefined): LintSettings {
  if (links === undefined) return plain;
  const known = linked.get(links);
  if (known?.plain === plain) return known.made;
  const made = { ...plain, platform: { ...plain.platform, upstream: links.upstream } };
  linked.set(links, { plain, made });
  return made;
}
