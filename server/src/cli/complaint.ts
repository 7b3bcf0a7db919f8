/** What stops a command, in words for the user. */
export class Complaint extends Error {}
