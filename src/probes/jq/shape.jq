# Whether a value is of a shape: the words of JSON Schema that shape.json uses, read as there. The same in TypeScript:
# src/probes/shape.ts.
include "words";

# What is wrong with it, each with its place.
def problems($shape; $at):
  . as $value
  | def is_a($wanted): if $wanted == "integer" then type == "number" and . == floor else type == $wanted end;
  def bad($is_bad; $words): if $is_bad then "\($at) \($words)" else empty end;
  [$shape.type // empty] | flatten as $types | $value
  | if $types != [] and all($types[]; . as $type | $value | is_a($type) | not) then "\($at) is no \($types | join(" or "))"
    else
      bad($shape.enum and all($shape.enum[]; . != $value); "is none of \($shape.enum // [] | join(", "))"),
      (if type == "number" then
         bad($shape.minimum != null and . < $shape.minimum; "is less than \($shape.minimum)"),
         bad($shape.maximum != null and . > $shape.maximum; "is more than \($shape.maximum)")
       elif type == "string" then
         bad($shape.minLength and . == ""; "is empty"),
         bad($shape.not and test($shape.not.pattern); "has characters that do not belong there")
       elif type == "array" then
         (if $shape.items then to_entries[] | .key as $index | .value | problems($shape.items; "\($at)/\($index)") else empty end)
       elif type == "object" then
         ($shape.required // [] | .[] | . as $key | bad($value | has($key) | not; "lacks \($key)")),
         (to_entries[] | .key as $key
           | (if $shape.propertyNames then $key | problems($shape.propertyNames; "\($at)/\($key)") else empty end),
             (($shape.properties[$key] // $shape.additionalProperties // empty) as $inner | .value | problems($inner; "\($at)/\($key)")))
       else empty end),
      bad($shape.anyOf and all($shape.anyOf[]; . as $form | $value | [problems($form; "")] != []); "has no form that is known")
    end;

# The same of a model, and of what it asks in place of a probe.
def model_problems($shape):
  .name as $name | ($name | if type == "string" then . else "" end) as $at
  | problems($shape.model; $at),
    (if type == "object" and (.probes | type == "array") then
       .probes | to_entries[] | .key as $index | .value
       | select(type == "object" and (.fallback | type == "object"))
       | (. + .fallback | problems($shape.model.properties.probes.items; "\($at)/probes/\($index)/fallback"))
     else empty end);

# In words: the first of many.
def in_words:
  if length == 0 then null
  else "probes.json is not what edge writes: \(.[:5] | map(on_one_line | .[:200]) | join("; "))\(if length > 5 then "; and \(length - 5) more" else "" end)" end;

# What is wrong with the document, or null: it may come from strangers.
def document_problem($shape):
  [if type == "object" and .kind == "Probes" then problems($shape.document; "") else " is no document of the kind Probes" end] | in_words;

# The same of the models of a site, and of the bodies of their requests, where bundle.json is there to list them.
def models_problem($shape; $bundle):
  [.[] | model_problems($shape)] as $problems
  | if $problems != [] then $problems
    elif $bundle == null then []
    else
      [.[] | .name as $name | .probes[] | .body, .fallback.body | strings
        | select("probes/data/\(.)" as $file | $bundle.files | type != "object" or (has($file) | not))
        | "\($name) sends \(.), which bundle.json does not list"]
    end
  | in_words;
