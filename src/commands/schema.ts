import schema from 'virtual:spec-schema'
import { reportJson } from '../report/json.ts'
import { writeStdout } from '../report/stdout.ts'

/** `edge schema`: JSON Schema of the spec file, for editors. */
export const schemaCommand = (): void => {
  writeStdout(reportJson(schema()))
}
