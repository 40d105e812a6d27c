import schema from 'virtual:spec-schema'
import { reportJson } from '../report/json.ts'

/** `edge schema`: JSON Schema of the spec file, for editors. */
export const schemaCommand = (): void => {
  process.stdout.write(reportJson(schema))
}
