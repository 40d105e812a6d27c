# The models of a site, and what is asked of them. The same in TypeScript: src/probes/document.ts, src/verify/askModel.ts.
include "words";

# A JSON merge patch applied (RFC 7396).
def patched($patch):
  if $patch | type != "object" then $patch
  else
    reduce ($patch | keys_unsorted[]) as $key (if type == "object" then . else {} end;
      if $patch[$key] == null then del(.[$key]) else .[$key] |= patched($patch[$key]) end)
  end;

# The models of a site, with their hosts; the base for no site.
def models_of($site):
  . as $document
  | (if $site == "" or $site == .site then {} else .sites[$site] end) as $has
  | ($has.models // {}) as $changes
  | ([.models[].name]) as $known
  | [(.models[] | .name as $name
       | if $changes | has($name) then if $changes[$name] == null then empty else patched($changes[$name]) end else . end),
     ($changes | to_entries[] | select(.value != null and (.key as $name | any($known[]; . == $name) | not)) | .value)]
  | map(if .route then .host = (.route.host // "\(.route.label).apps.\($has.baseDomain // $document.baseDomain)") else . end);

# Why a probe of a model is not asked, or null; what is known of the run is {direct, counted, stop, zeros}.
def why_skipped($model; $probe; $document; $known):
  ($probe.path | split("?")[0] // "") as $path
  | $model.route.path as $below
  | row($document.skips;
      {direct: $known.direct, counted: $known.counted, zeros: $known.zeros, step: $probe.step,
       own: ($probe.skip != null), several: ($model.replicas > 1), stopped: ($known.stop != null),
       route: (if $model.route == null then "none"
         elif $below == null or $path == $below or ($path | startswith($below + "/")) then "there"
         else "elsewhere" end)})
  | if . == null then null
    else .says | filled({reason: $probe.skip, below: $below, replicas: $model.replicas, stop: $known.stop}) end;

# The tensors of zeros, as large as the inputs say that a model has: null where they have no fixed shape of numbers, or no small
# one. The same in TypeScript: src/verify/zeros.ts.
def zeros:
  def tensor:
    if type != "object" or (.name | type != "string") or (.datatype | type != "string") or (.shape | type != "array") then null
    else
      .shape |= [to_entries[] | if .key == 0 and (.value | type == "number" and . < 1) then 1 else .value end]
      | if (.datatype | test("^(FP(32|64)|U?INT[0-9]+)$") | not) or any(.shape[]; type != "number" or . < 1 or . != floor) then null
        else {name, shape, datatype, count: (reduce .shape[] as $side (1; . * $side))} end
    end;
  (if type == "object" and (.inputs | type == "array") then .inputs else [] end)
  | map(tensor)
  | if . == [] or any(.[]; . == null) then null elif map(.count) | add > 1000000 then null else . end;
