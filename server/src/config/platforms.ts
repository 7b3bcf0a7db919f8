/** The platforms that a configuration may switch off, by their ids. A test holds the list against the registry. */
export const PLATFORM_IDS: readonly string[] = ['nginx', 'express', 'serverless', 'cloudformation', 'frontend'];
