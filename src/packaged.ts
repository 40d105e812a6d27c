import { readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { version } from '../package.json'

/** The version of edge. */
export const toolVersion: string = version

/** Root of the package: this file is one level below it, as source and when built. */
const packageRoot = dirname(import.meta.dirname)

/** The embedded payloads, oldest first: releases by name. */
export const embeddedReleases = (): string[] =>
  readdirSync(join(packageRoot, 'manifests'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && /^\d/.test(entry.name))
    .map(({ name }) => name)
    .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))

/** Directory of an embedded payload. */
export const embeddedPayload = (release: string): string => join(packageRoot, 'manifests', release)

/** The examples, by name. */
export const exampleNames = (): string[] =>
  readdirSync(join(packageRoot, 'examples'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort()

/** Spec file of an example. */
export const exampleSpec = (name: string): string => join(packageRoot, 'examples', name, 'edge.yaml')
