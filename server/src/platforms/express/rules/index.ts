// Generated from the folders beside this file by npm run generate: add a folder, then run it.

/** Every rule of this folder. */
export const rules = [];
