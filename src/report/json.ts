/** JSON for other programs: two spaces, a newline at the end. */
export const reportJson = (value: unknown): string => `${JSON.stringify(value, undefined, 2)}\n`
