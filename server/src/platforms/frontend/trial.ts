/** Tests call what they stand in for, and stories show components without their servers. */
const TRIAL =
  /(?:^|[\\/])(?:__tests__|__mocks__|tests?|specs?|e2e|mocks?|fixtures|cypress)[\\/]|\.(?:test|spec|stories)\.[cm]?[jt]sx?$/i;

/** Whether a file is by its name a part of tests or of a catalogue of components: nothing in it runs in the system. */
export function isTrial(file: string): boolean {
  return TRIAL.test(file);
}
