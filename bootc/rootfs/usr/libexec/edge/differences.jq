# What a cluster has against what the bundle wants, by the table of expected.json (`kinds`). `edge verify --kubeconfig` reads the
# same table; one test holds both to the same rows. A module: jq -L DIRECTORY 'include "differences"; …'.

# A JSON merge patch applied (RFC 7396).
def patched($patch):
  if ($patch | type) != "object" then $patch
  else
    reduce ($patch | to_entries[]) as {$key, $value} (if type == "object" then . else {} end;
      if $value == null then del(.[$key]) else .[$key] = (.[$key] | patched($value)) end)
  end;

# Of expected.json, what a site wants ("" is the base): the table, and the objects by KIND/NAME.
def wanted($site):
  . as $document
  | (.sites[$site] // {}) as $changes
  | ($changes.baseDomain // .baseDomain) as $domain
  | reduce ($changes.objects // {} | to_entries[]) as {$key, $value} (.objects;
      if $value == null then del(.[$key]) else .[$key] = (.[$key] // $document.siteObjects[$key] | patched($value)) end)
  | map_values(if .hostLabel == null then . else .spec.host = "\(.hostLabel).apps.\($domain)" | del(.hostLabel) end)
  | {kinds: $document.kinds, secretArgument: $document.secretArgument, objects: .};

# Without content: the API server and KServe may leave such a field out.
def absent:
  if type == "object" then all(.[]; absent)
  elif type == "array" then length == 0
  else . == null or . == "" or . == false or . == 0 end;

# JSON as text stays as it was written: there, false is something.
def is_absent($place): if $place.exact then . == null else absent end;

# A quantity as a number; what is none stays as it is.
def quantity:
  tostring
  | (capture("^\\+?(?<number>[0-9]+\\.?[0-9]*|\\.[0-9]+)([eE](?<exponent>[+-]?[0-9]{1,3})|(?<suffix>[numkMGTPE]|[KMGTPE]i))?$") // null) as $read
  | if $read == null then .
    else
      ($read.number | if startswith(".") then "0\(.)" else rtrimstr(".") end | tonumber) as $number
      | {n: 1e9, u: 1e6, m: 1e3}[$read.suffix // ""] as $parts
      | if $read.exponent != null then "\($number)e\($read.exponent)" | tonumber
        elif $parts != null then $number / $parts
        else $number * ({k: 1e3, M: 1e6, G: 1e9, T: 1e12, P: 1e15, E: 1e18, Ki: 1024, Mi: 1048576, Gi: 1073741824, Ti: 1099511627776, Pi: 1125899906842624, Ei: 1152921504606846976}[$read.suffix // ""] // 1) end
    end;

def parsed: . as $text | if type == "string" then (try fromjson catch $text) else . end;

# The pattern of a key: `*` where the table has a rule for any.
def child($table; $pattern; $key): if $table.fields["\($pattern).*"] != null then "\($pattern).*" else "\($pattern).\($key)" end;

# A value without what nobody is to see: hidden fields, and the values of arguments such as --api-key.
def masked($table; $pattern):
  def is_secret: test($table.secretArgument; "i");
  if . == null then .
  elif $table.fields[$pattern].hidden then "(not shown)"
  elif type == "object" then with_entries(.key as $key | .value |= masked($table; child($table; $pattern; $key)))
  elif type == "array" and all(.[]; type == "string") then
    . as $all
    | [range(length) as $at
        | if $at > 0 and ($all[$at - 1] | is_secret and (contains("=") | not)) then "(not shown)"
          elif $all[$at] | is_secret and contains("=") then "\($all[$at] | split("=")[0])=(not shown)"
          else $all[$at] end]
  elif type == "array" then map(masked($table; "\($pattern).[]"))
  else . end;

def sorted: if type == "object" then to_entries | sort_by(.key) | map(.value |= sorted) | from_entries elif type == "array" then map(sorted) else . end;

# One line of printable text.
def printable: gsub("[^\\p{L}\\p{M}\\p{N}\\p{P}\\p{S} ]"; "?") | if length > 300 then "\(.[0:300]) …" else . end;
def text: if . == null or . == [] then "nothing" elif type == "string" and test("^[!-~]+( [!-~]+)*$") then . else sorted | tojson end | printable;

def step($key): if $key | test("^[A-Za-z0-9_-]+$") then ".\($key)" else "[\($key | printable)]" end;

def names($all; $key): $all == true or (($all // []) | any(.[]; . == $key or (endswith("*") and (rtrimstr("*") as $start | $key | startswith($start)))));

# What tells an item of a list from the others.
def identity($by): . as $item | [$by[] | $item[.] | tostring] | join(",");
def are_told_apart($by): all(.[]; type == "object") and (map(identity($by)) | length == (unique | length));

# The items of a list that another lacks, as they may be shown.
def lacking($table; $place; $others): [., masked($table; $place.pattern)] | transpose | map(select(.[0] as $item | $others | all(.[]; . != $item)) | .[1]) | if . == [] then null else . end;
# A number and its text look alike: then both as JSON.
def shown($place; $wants; $is):
  [$wants, $is]
  | (if $wants != $is and ($wants | text) == ($is | text) then map(sorted | tojson | printable) else map(text) end)
  | "\($place.at): expected \(.[0]), found \(.[1])";
def different($table; $place; $wants; $is): shown($place; $wants | masked($table; $place.pattern); $is | masked($table; $place.pattern));

# A line for each difference between two values at a place: {pattern, at, strict, exact}.
def compared($table; $place; $wants; $is):
  ($table.fields[$place.pattern] // {}) as $rule
  | ($place + {strict: ($place.strict or $rule.strict)}) as $place
  | (if $is == null then $rule.default else $is end) as $is
  | (if $wants != null then $wants elif ($is | type) == "object" and $rule.owned != null then {} else $rule.default end) as $wants
  | if ($wants | is_absent($place)) and ($is | is_absent($place)) then empty
    elif $rule.value == "quantity" then
      if ($wants | quantity) == ($is | quantity) then empty else different($table; $place; $wants; $is) end
    elif $rule.value == "json" then
      compared($table; $place + {pattern: "", strict: true, exact: true}; $wants | parsed; $is | parsed)
    elif ($wants | type) == "object" and ($is | type) == "object" then
      # What is left over; and what means something else where it is absent.
      ($is | with_entries(select(.key as $key
        | (.value | is_absent($place) | not) and (names($rule.added; $key) | not)
          and ($place.strict or names($rule.owned; $key) or $table.fields[child($table; $place.pattern; $key)].default != null)))) as $left
      | ($wants + $left | keys[]) as $key
      | compared($table; $place + {pattern: child($table; $place.pattern; $key), at: "\($place.at)\(step($key))"}; $wants[$key]; $is[$key])
    elif all($wants, $is; . == null or type == "array") then
      ($wants // []) as $wants
      | ($is // []) as $is
      | if $rule.by != null and ($wants | are_told_apart($rule.by)) and ($is | are_told_apart($rule.by)) then
          ($wants + $is | map(identity($rule.by)) | unique[]) as $id
          | ($wants | map(select(identity($rule.by) == $id)) | first) as $wanted
          | ($is | map(select(identity($rule.by) == $id)) | first) as $found
          | ($place + {pattern: "\($place.pattern).[]", at: "\($place.at)[\($id | printable)]"}) as $item
          | if $wanted != null and $found != null then compared($table; $item; $wanted; $found)
            elif $wanted == null and names($rule.added; $id) then empty
            else different($table; $item; $wanted; $found) end
        elif $rule.set or all($wants[], $is[]; type == "string") then
          ($wants | lacking($table; $place; $is)) as $missing
          | ($is | lacking($table; $place; $wants)) as $more
          | if $missing != null or $more != null then shown($place; $missing; $more)
            elif $rule.set or $wants == $is then empty
            else different($table; $place; $wants; $is) end
        elif ($wants | length) != ($is | length) then different($table; $place; $wants; $is)
        else
          range($wants | length) as $at
          | compared($table; $place + {pattern: "\($place.pattern).[]", at: "\($place.at)[\($at)]"}; $wants[$at]; $is[$at])
        end
    elif $wants == $is then empty
    else different($table; $place; $wants; $is) end;

def is_behind: (.status.observedGeneration | type) == "number" and (.metadata.generation | type) == "number" and .status.observedGeneration < .metadata.generation;

# A line for each difference of an object; $is: the live one, or null.
def object_differences($wanted; $key; $is):
  ($key | split("/")) as [$kind, $name]
  | "\($kind) \($name)" as $object
  | if $is == null then "\($object) is not there"
    elif $is.metadata.deletionTimestamp != null then "\($object) is being deleted"
    else
      ({fields: $wanted.kinds[$kind].fields, secretArgument: $wanted.secretArgument} as $table
        | $wanted.objects[$key]
        | keys[] as $part
        | compared($table; {pattern: $part, at: $part, strict: false}; .[$part]; $is[$part])
        | "\($object), \(.)"),
      if $is | is_behind then "\($object): its last change is not taken up yet" else empty end
    end;

# What oc gives, a list or an object each, as one list of objects.
def objects_of: [.[] | if (.items | type) == "array" then .items[] else . end | select(type == "object")];

# All differences. $live: objects of any namespace.
def differences($wanted; $namespace; $live):
  reduce $live[] as $object ({}; .["\($object.kind)/\($object.metadata.name)"] += [$object])
  | . as $found
  | $wanted.objects
  | keys[] as $key
  | (.[$key].metadata.namespace // $namespace) as $at
  | object_differences($wanted; $key; $found[$key] // [] | map(select(.metadata.namespace == null or .metadata.namespace == $at)) | first);
