export type JsonType = 'string' | 'number' | 'boolean' | 'null' | 'object' | 'array'

/** Names of fields, nested ones as `headers/propagate`, and the JSON type of each. */
export type FieldTypes = ReadonlyMap<string, JsonType>

const tokens = /"((?:[^"\\\n]|\\.)*)"|#[^\n]*|[{}[\]:,]|[^\s{}[\]:,"#]+/g

/**
 * The fields that a text like JSON names. KServe's examples are none: they have comments, and lack a comma here and there.
 *
 * @param text - JSON, or an example of it
 */
export const fieldTypes = (text: string): FieldTypes => {
  const fields = new Map<string, JsonType>()
  /** The names of what is open; a list's items and the outermost map have none. */
  const open: (string | undefined)[] = []
  let last: string | undefined
  let name: string | undefined
  const record = (type: JsonType) => {
    if (name !== undefined) fields.set([...open, name].filter((step) => step !== undefined).join('/'), type)
  }
  for (const [token, string] of text.matchAll(tokens)) {
    if (token.startsWith('#')) continue
    if (token === ':') {
      name = last
      continue
    }
    if (string !== undefined) record('string')
    else if (token === '{' || token === '[') record(token === '{' ? 'object' : 'array')
    else if (/^[\w.+-]+$/.test(token))
      record(/^(?:true|false)$/.test(token) ? 'boolean' : token === 'null' ? 'null' : 'number')
    if (token === '{' || token === '[') open.push(name)
    if (token === '}' || token === ']') open.pop()
    last = name === undefined ? string : undefined
    name = undefined
  }
  return fields
}

/**
 * The fields that `_example` names, by key of the ConfigMap: in it stand blocks such as `ingress: |-`, several for a key.
 *
 * @param example - the text of `_example`
 */
export const exampleFields = (example: string): Map<string, FieldTypes> => {
  const keys = new Map<string, FieldTypes>()
  const heads = [...example.matchAll(/^[ \t]*([A-Za-z]\w*)[ \t]*:[ \t]*[|>]/gm)]
  for (const [index, head] of heads.entries()) {
    const block = example.slice(head.index + head[0].length, heads[index + 1]?.index)
    const key = head[1] ?? ''
    keys.set(key, new Map([...(keys.get(key) ?? []), ...fieldTypes(block)]))
  }
  return keys
}
