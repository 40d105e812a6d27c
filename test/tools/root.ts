import { fileURLToPath } from 'node:url'

/** Absolute path of the project, without a slash at its end: the folder that holds package.json. */
export const projectRoot: string = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '')
