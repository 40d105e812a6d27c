#!/bin/sh
# Asks the models of this bundle what is known of them, and says for each answer whether it is good. What is asked, the table
# of verdicts and the words for causes stand in probes.json, beside this script. Needs a POSIX sh, curl 7.76 and jq 1.6.
# Made by edge.
set -u

usage() {
  cat <<'TEXT'
Usage: sh verify.sh [--host ADDR] [options]

  --host ADDR          the device: address or name, IPv6 in brackets, with :PORT where it is not the scheme's own (127.0.0.1)
  --scheme SCHEME      http or https; otherwise what each Route speaks
  --direct             on the device: past the router, to the pods (asks oc for their addresses)
  --site NAME          the site that the device is at
  --model NAME         this model alone
  --timeout SECONDS    for one attempt (10)
  --wait SECONDS       how long models may take until they are ready, all together (0)
  --token-file FILE    a file with the API key, for models that want one
  --ca-file FILE       the CA of the router's certificate, as PEM
  --insecure           take any certificate

Prints a TAP line for each check. Exit status: 0 all is good, 1 a check failed, 2 wrong usage, 3 nobody answers, or a program is missing.

Example: sh verify.sh --host 192.0.2.7 --ca-file ingress-ca.crt --wait 300
TEXT
}

# fail STATUS WORDS: ends with a message.
fail() {
  printf 'verify.sh: %s\n' "$2" >&2
  exit "$1"
}

host=127.0.0.1 scheme='' direct=false site='' only='' timeout=10 wait=0 token_file='' ca_file='' insecure=''
while [ $# -gt 0 ]; do
  case $1 in
    --help | -h)
      usage
      exit 0
      ;;
    --direct) direct=true && shift && continue ;;
    --insecure) insecure=1 && shift && continue ;;
    --host | --scheme | --site | --model | --timeout | --wait | --token-file | --ca-file)
      [ $# -ge 2 ] || fail 2 "$1 needs a value; --help lists the options"
      option=$1 value=$2
      shift 2
      ;;
    --*=*)
      option=${1%%=*} value=${1#*=}
      shift
      ;;
    *) fail 2 "unknown option $1; --help lists the options" ;;
  esac
  [ -n "$value" ] || fail 2 "$option needs a value; --help lists the options"
  case $option in
    --host) host=$value ;;
    --scheme) scheme=$value ;;
    --site) site=$value ;;
    --model) only=$value ;;
    --timeout) timeout=$value ;;
    --wait) wait=$value ;;
    --token-file) token_file=$value ;;
    --ca-file) ca_file=$value ;;
    *) fail 2 "unknown option $option; --help lists the options" ;;
  esac
done

case $scheme in '' | http | https) ;; *) fail 2 "--scheme is http or https, not $scheme" ;; esac
case $timeout in *[!0-9]* | 0* | ???????*) fail 2 "--timeout takes whole seconds, 1 or more, not $timeout" ;; esac
case $wait in *[!0-9]* | 0?* | ???????*) fail 2 "--wait takes whole seconds, not $wait" ;; esac
port=''
case $host in
  */*) fail 2 "--host takes an address, not a URL: $host" ;;
  \[*:*\]) address=$host ;;
  \[*:*\]:*) address=${host%:*} port=${host##*:} ;;
  *\[* | *\]*) fail 2 "--host is no address: $host" ;;
  *:*:*) fail 2 "--host takes an IPv6 address in brackets: [$host]" ;;
  *:*) address=${host%:*} port=${host##*:} ;;
  *) address=$host ;;
esac
case $address in '' | -* | *[!][A-Za-z0-9._:%-]*) fail 2 "--host is no address: $host" ;; esac
case $host in *:) port=- ;; esac
case $port in *[!0-9]* | 0* | ??????*) fail 2 "--host has no good port: $host" ;; esac
[ "${port:-1}" -le 65535 ] || fail 2 "--host has no good port: $host"
for file in "$token_file" "$ca_file"; do
  [ -z "$file" ] || { [ -r "$file" ] && [ ! -d "$file" ]; } || fail 2 "cannot read $file"
done
for program in curl jq; do
  command -v "$program" >/dev/null || fail 3 "$program is not installed"
done
[ "$direct" = false ] || command -v oc >/dev/null || fail 3 'oc is not installed: --direct works on the device'

here=$(dirname -- "$(readlink -f -- "$0" 2>/dev/null || printf '%s' "$0")")
[ -r "$here/probes.json" ] || fail 2 "cannot read $here/probes.json: this script works in its bundle"
tmp=$(mktemp -d) || fail 3 'cannot make a temporary directory'
trap 'rm -rf "$tmp"' EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 141' PIPE
trap 'exit 143' TERM
# A ~/.jq of somebody's would change what jq's own functions do.
jq() { HOME=$tmp command jq "$@"; }
# On the device, the router's own CA and the cluster's own access are at hand.
device_ca=/var/lib/microshift/certs/ingress-ca/ca.crt
if [ -z "$ca_file$insecure" ] && [ -r "$device_ca" ]; then ca_file=$device_ca; fi
device_access=/var/lib/microshift/resources/kubeadmin/kubeconfig
if [ "$direct" = true ] && [ -z "${KUBECONFIG:-}" ] && [ -r "$device_access" ]; then export KUBECONFIG="$device_access"; fi

# What is to be asked, for this site: one check a line. (In what follows, $ is jq's.)
# shellcheck disable=SC2016
checks='
def patch($p):
  if ($p | type) != "object" then $p
  else (if type == "object" then . else {} end) as $old
    | reduce ($p | keys_unsorted[]) as $key ($old; if $p[$key] == null then del(.[$key]) else .[$key] = (.[$key] | patch($p[$key])) end)
  end;
def unasked($direct):
  .route.path as $below | (.probe.path | sub("[?].*"; "")) as $path
  | if .probe.skip then .probe.skip
    elif $direct then null
    elif .route == null then "it has no Route: on the device, --direct asks its pod"
    elif $below and $path != $below and ($path | startswith($below + "/") | not) then "its Route leads to \($below) alone: on the device, --direct asks its pod"
    elif .replicas > 1 and (.probe.step == "metrics" or .probe.step == "counter") then "it has \(.replicas) pods, and each counts for itself"
    else null end;
. as $bundle
| (if $site == "" or $site == $bundle.site then {} else $bundle.sites[$site] end) as $site_has
| if $site_has == null then {error: "the bundle has no site \($site | @json); sites: \(([$bundle.site // empty] + ($bundle.sites | keys_unsorted)) | .[:20] | join(", ") | if . == "" then "none" else . end)"}
  else
    ($site_has.models // {}) as $changes
    | ([$bundle.models[].name]) as $known
    | [($bundle.models[] | .name as $name | if $changes | has($name) then (if $changes[$name] == null then empty else patch($changes[$name]) end) else . end),
       ($changes | to_entries[] | select(.value != null and (.key as $name | $known | index($name) | not)) | .value)]
    | if $only != "" and (any(.[]; .name == $only) | not)
      then {error: "the bundle has no model \($only | @json); models: \([.[].name] | .[:20] | join(", ") | if . == "" then "none" else . end)"}
      else .[] | select($only == "" or .name == $only)
        | (if .route then .route.host // "\(.route.label).apps.\($site_has.baseDomain // $bundle.baseDomain)" else null end) as $host
        | . as $model
        | (if .probes == [] then {id: "NO-PROBE", step: "request", method: "GET", path: "/", headers: {}, expect: {status: [], checks: []}, skip: "no question is known for its server"} else .probes[] end) as $probe
        | ($model | del(.probes)) + {namespace: $bundle.namespace, host: $host, probe: $probe}
        | . + {skip: unasked($direct), direct: $direct, limited: (.limited == true and ($direct | not))}
      end
  end'
jq -c --arg site "$site" --arg only "$only" --argjson direct "$direct" "$checks" "$here/probes.json" >"$tmp/checks" || fail 2 "cannot read $here/probes.json: it is damaged"

[ "$(jq -r .kind "$here/probes.json")" = Probes ] || fail 2 "$here/probes.json is damaged"
problem=$(jq -r '.error // empty' "$tmp/checks")
[ -z "$problem" ] || fail 2 "$problem"
total=$(grep -c '' "$tmp/checks")
[ "$total" -gt 0 ] || fail 2 'the bundle has no model here'
jq '{rules, curlFailures, causes}' "$here/probes.json" >"$tmp/table"
largest=$(jq '.largestAnswer' "$here/probes.json")
# The key goes to curl in a file: an argument is seen by everybody.
umask 077
: >"$tmp/key"
if [ -n "$token_file" ]; then
  token=$(head -n 1 -- "$token_file" | tr -d '\r')
  [ -n "$token" ] || fail 2 "$token_file holds no API key: its first line is empty"
  printf 'Authorization: Bearer %s\n' "$token" >"$tmp/key"
fi

# A body of zeros, as large as the inputs say that the model has; nothing where they say too little.
# shellcheck disable=SC2016
zeros='
[.inputs[] | {name, datatype, shape: (.shape | if length > 0 and .[0] < 1 then .[0] = 1 else . end)}
  | . + {count: (reduce .shape[] as $side (1; . * $side))}]
| if length == 0 or any(.[]; (.datatype | test("^(FP(32|64)|U?INT[0-9]+)$") | not) or any(.shape[]; . < 1)) or ([.[].count] | add) > 1000000 then empty
  else {inputs: map({name, shape, datatype, data: [range(.count) | 0]})} end'

# The answer against the table of verdicts: assignments for this shell.
# shellcheck disable=SC2016
judge='
def at($path):
  if ($path | length) == 0 then .
  else $path[0] as $step
    | (if ($step | type) == "object" then (if type == "array" then .[] | select($step.name == null or (type == "object" and .name == $step.name)) else empty end)
       elif type == "object" then (if has($step) then .[$step] else empty end)
       elif type == "array" and ($step | test("^[0-9]+$")) then (.[$step | tonumber] // empty)
       else empty end)
    | at($path[1:])
  end;
def numbers($list): ($list | type) == "array" and ([$list | flatten[] | type] | unique) == ["number"] and all($list | flatten[]; isnan | not);
def plain: .[:400] | explode | map(if . < 32 or (. > 126 and . < 160) or . == 8206 or . == 8207 or (. > 8231 and . < 8239) or (. > 8293 and . < 8298) then 32 else . end) | implode | if length > 300 then .[:299] + "…" else . end;
def sum($test):
  reduce (split("\n")[] | select(startswith($test.name + "{") or startswith($test.name + " "))) as $line (null;
    ($line | [scan("([a-zA-Z_][a-zA-Z0-9_]*)=\"((?:[^\"\\\\]|\\\\.)*)\"") | {key: .[0], value: .[1]}] | from_entries) as $labels
    | if ($test.labels | to_entries | all($labels[.key] == .value)) and ($test.except == null or ($labels[$test.except.label] as $value | $test.except.values | index([$value]) | not))
      then . + (($line | sub("^[^{ ]*(\\{.*\\})? *"; "") | split(" ")[0] | tonumber?) // 0 | if isnan then 0 else . end)
      else . end);
def close($test; $value): [$value | flatten[]] | length == ($test.value | length) and ([., $test.value] | transpose | all((.[0] - .[1] | if . < 0 then -. else . end) <= $test.tolerance));
def holds($test; $json; $body; $sum; $before):
  if $test.is == "counter" then (($test.present | not) or $sum != null) and (($test.more | not) or $before == null or ($sum // 0) > $before)
  elif $test.is == "containing" and ($test.at | not) then $body | contains($test.value)
  else [$json | at($test.at)] as $values
    | if $test.is == "equal" then any($values[]; . == $test.value)
      elif $test.is == "type" then any($values[]; type == $test.value)
      elif $test.is == "at-least" then any($values[]; type == "number" and . >= $test.value)
      elif $test.is == "containing" then any($values[]; type == "string" and contains($test.value))
      elif $test.is == "argmax" then any($values[]; numbers(.) and (flatten | index(max)) == $test.value)
      elif $test.is == "near" then any($values[]; numbers(.) and close($test; .))
      elif $test.is == "channels-last" then all($values[]; (type == "array" and length == 4 and (.[1] == 1 or .[1] == 3) and (.[3] != 1 and .[3] != 3 and .[3] != 4)) | not)
      else false end
  end;
def seen($test; $json; $body; $sum; $before):
  if $test.is == "counter" then (if $before == null then "" else "\($before) before, " end) + (if $sum == null then "no such series, in \($body | plain)" else "\($sum) now" end)
  elif $json == null and $test.at then "no JSON: \($body | plain)"
  elif $test.at then [$json | at($test.at)] as $values
    | if $values == [] then "nothing there, in \($body | plain)"
      elif $test.is == "argmax" and numbers($values[0]) then "the largest value at index \($values[0] | flatten | index(max))"
      else $values[:5] | map(tojson) | join(", ") | plain end
  else $body | plain end;
$check[0] as $c | $table[0] as $t | $c.probe as $p
| ($meta | split("\n")) as $lines | ($lines[0] // "" | split(" ")) as $m
| ($m[0] // "" | tonumber? // 0) as $status | ($m[1] // "") as $exit | ($m[4:] | join(" ") | ascii_downcase | startswith("text/html")) as $html
| (if $exit == "0" then null elif $exit == "28" and (($m[2] | tonumber?) // 0) == 0 then "unconnected" else $t.curlFailures[$exit] // "other" end) as $failure
| ($failure == null and ($p.expect.status | index($status)) != null) as $wanted
| (try ($body | fromjson) catch null) as $json
| ([$p.expect.checks[] | select(.is == "counter")][0] | if . then . as $test | $body | sum($test) else null end) as $sum
| ($before | if . == "" then null else tonumber end) as $before
| (if $failure != null or ($wanted | not) or ($html and $p.step != "request") then
    first($t.rules[] | select(
      (if .failure then $failure != null and (.failure | index($failure)) != null else $failure == null end)
      and (.html == null or $html) and (.direct == null or $c.direct) and (.limited == null or $c.limited == true)
      and (.status == null or (.status | index($status)) != null) and (.step == null or (.step | index($p.step)) != null)
      and (.says as $says | $says == null or ($body | contains($says)))
      and (.verdict != "fallback" or $p.fallback != null)))
    | . + {expected: "status \($p.expect.status | map(tostring) | join(" or "))",
           came: (if $failure != null then "no answer: \($lines[1:] | join(" ") | plain | sub(" +$"; "") | if . == "" then "curl ended with \($exit)" else . end)" else "status \($status): \($body | plain)" end)}
  else
    first(($p.expect.checks[] | select(holds(.; $json; $body; $sum; $before) | not)
      | {verdict: "fail", again: ($p.settle != null and (.is != "counter" or $sum == null or $before == null or $sum == $before)), settle: true, expected: .says, came: seen(.; $json; $body; $sum; $before),
         cause: (if .at and $json == null then "not-json" elif .is == "counter" and $before != null and ($sum // 0) < $before then "restarted" else .cause end)}),
      {verdict: "pass"})
  end)
| . as $verdict | ($t.causes[$verdict.cause // ""] // {}) as $words
| {verdict, again: (if $verdict.again != true then "no" elif $verdict.settle then "settle" else "wait" end), cause: ($verdict.cause // ""), sum: $sum, seconds: ($m[3] // "" | sub("(?<a>\\.[0-9]{2}).*"; "\(.a)")),
   report: (if $verdict.verdict == "pass" then "" else
     {expected: $verdict.expected, came: $verdict.came,
      answered: (if $failure == null then (if $html then "the router" else "the server" end) elif ["name", "refused", "unconnected", "ca-file", "other"] | index($failure) then "nobody" else "the connection" end),
      cause: $verdict.cause, means: $words.means, try: ($words.try // "" | gsub("NAMESPACE"; $c.namespace) | gsub("MODEL"; $c.name)), request: "\($p.method) \($url)"}
     | to_entries | map("  \(.key): \(.value | @json)") | join("\n") end)}
| "verdict=\(.verdict | @sh) again=\(.again | @sh) cause=\(.cause | @sh) sum=\(.sum // 0 | tostring | @sh) seconds=\(.seconds | @sh) report=\(.report | @sh)"'

# ask: sends the request and leaves the answer in $tmp/body and $tmp/meta; 1 when there is no pod, 2 when oc fails.
ask() {
  if [ "$direct" = true ]; then
    found=$(oc get pods --request-timeout "${timeout}s" --namespace "$namespace" --selector "serving.kserve.io/inferenceservice=$model" --field-selector status.phase=Running \
      --sort-by .metadata.creationTimestamp --output 'jsonpath={range .items[*]}{.status.podIP}{"\n"}{end}' 2>"$tmp/oc") || return 2
    pod=$(printf '%s\n' "$found" | grep . | tail -n 1)
    [ -n "$pod" ] || return 1
    case $pod in *:*) pod="[$pod]" ;; esac
    url="$pod_scheme://$pod:$pod_port$path"
    set -- --insecure
  else
    url="${scheme:-$route_scheme}://$route_host$path"
    set -- --connect-to "$route_host::$address:$port"
    [ -z "$insecure" ] || set -- "$@" --insecure
    [ -z "$ca_file" ] || set -- "$@" --cacert "$ca_file"
  fi
  [ -z "$body" ] || set -- "$@" --data-binary "@$body"
  [ "$api_key" = false ] || set -- "$@" --header "@$tmp/key"
  curl -q --silent --globoff --path-as-is --http1.1 --noproxy '*' --max-time "$timeout" --request "$method" --header "@$tmp/headers" "$@" \
    --write-out '%{stderr}%{http_code} %{exitcode} %{time_connect} %{time_total} %{content_type}\n%{errormsg}\n' --url "$url" 2>"$tmp/meta" | head -c "$largest" >"$tmp/body"
}

# result WORD COMMENT: a TAP line.
result() {
  number=$((number + 1))
  printf '%s %s - %s %s%s\n' "$1" "$number" "$model" "$id" "$2" || fail 3 'cannot write the result'
}

printf 'TAP version 13\n1..%s\n' "$total"
deadline=$(($(date +%s) + wait))
number=0 failed=0 unreachable=0 asked=0 here_only=0 last=''
# What a check and its answer say, by jq's quoting for shells.
model='' namespace='' id='' step='' method='' path='' api_key='' skip='' route_host='' route_scheme='' pod_scheme='' pod_port='' settle=0 data='' from='' headers=''
verdict='' again='' cause='' sum='' seconds='' report=''
while IFS= read -r check <&3; do
  printf '%s\n' "$check" >"$tmp/check"
  said=$(jq -r '@sh "model=\(.name) namespace=\(.namespace) id=\(.probe.id) step=\(.probe.step) method=\(.probe.method) path=\(.probe.path) api_key=\(.apiKey == true)
    skip=\(.skip // "") route_host=\(.host // "") route_scheme=\(.route.scheme // "") pod_scheme=\(.scheme) pod_port=\(.port) settle=\(.probe.settle // 0)
    data=\(.probe.body | if type == "string" then . else "" end) from=\(.probe.body | if type == "object" then .from else "" end)
    headers=\([(.probe.headers | to_entries[] | "\(.key): \(.value)"), "Expect:", "User-Agent: edge-verify"] | join("\n"))"' "$tmp/check") || fail 3 'jq fails'
  eval "$said"
  if [ "$model" != "$last" ]; then last=$model stopped='' metadata='' before='' answered='' is_ready=''; fi
  body=''
  if [ -n "$skip" ]; then
    [ -n "$route_host" ] || here_only=1
  elif [ -n "$stopped" ]; then
    skip="$stopped did not pass"
  elif [ "$step" = counter ] && { [ -z "$before" ] || [ -z "$answered" ]; }; then
    skip='there is nothing to count'
  elif [ -n "$data" ]; then
    body=$here/data/$data
    [ -r "$body" ] || fail 2 "cannot read $body: the bundle is damaged"
  elif [ -n "$from" ]; then
    if [ -z "$metadata" ]; then
      skip='the inputs are not known'
    else
      jq -c "$zeros" "$tmp/metadata" >"$tmp/zeros" 2>/dev/null
      if [ -s "$tmp/zeros" ]; then body=$tmp/zeros; else skip='its inputs have no fixed shape of numbers: give infer in probes'; fi
    fi
  fi
  if [ -n "$skip" ]; then
    result ok " # SKIP $skip"
    continue
  fi

  asked=1 waiting='' settled=$(($(date +%s) + settle))
  printf '%s\n' "$headers" >"$tmp/headers"
  while :; do
    url=''
    ask
    address_status=$?
    if [ "$address_status" = 0 ]; then
      # Without a judgement nothing may stand, least of all the one before.
      said=$(jq -n -r --slurpfile check "$tmp/check" --slurpfile table "$tmp/table" --rawfile body "$tmp/body" --rawfile meta "$tmp/meta" --arg before "$([ "$step" != counter ] || printf %s "$before")" --arg url "$url" "$judge") || said=''
      [ -n "$said" ] || fail 3 "jq cannot judge the answer to $id of $model"
      eval "$said"
    else
      verdict=fail again=wait seconds=''
      if [ "$address_status" = 1 ]; then cause=no-pod-address; else cause=oc-fails; fi
      report=$(jq -r --rawfile oc "$tmp/oc" --arg cause "$cause" --arg model "$model" --arg namespace "$namespace" '{expected: "a running pod", came: "oc names none\($oc | sub("\n.*"; "") | if . == "" then "" else ": " + . end)", answered: "nobody", cause: $cause} + .causes[$cause]
        | to_entries | map("  \(.key): \(.value | gsub("NAMESPACE"; $namespace) | gsub("MODEL"; $model) | @json)") | join("\n")' "$tmp/table")
    fi
    if [ "$verdict" = fallback ]; then
      printf '# %s %s: no chat template, so a completion is asked for\n' "$model" "$id"
      jq -c '.probe += .probe.fallback | del(.probe.fallback)' "$tmp/check" >"$tmp/next" && mv "$tmp/next" "$tmp/check"
      said=$(jq -r '@sh "path=\(.probe.path) data=\(.probe.body)"' "$tmp/check") || fail 3 'jq fails'
      eval "$said"
      body=$here/data/$data
      continue
    fi
    now=$(date +%s)
    if [ "$verdict" = pass ] || [ "$again" = no ]; then break; fi
    if [ "$now" -ge "$settled" ] && { [ "$again" = settle ] || [ "$now" -ge "$deadline" ]; }; then break; fi
    [ "$cause" = "$waiting" ] || printf '# waiting for %s %s: %s\n' "$model" "$id" "$cause" >&2
    waiting=$cause
    sleep 1
  done

  if [ "$verdict" = pass ]; then
    result ok " (${seconds:-0} s)"
    case $step in
      ready) is_ready=1 ;;
      name) cp "$tmp/body" "$tmp/metadata" && metadata=1 ;;
      metrics) before=$sum ;;
      inference) answered=1 ;;
    esac
    continue
  fi
  result 'not ok' ''
  printf '  ---\n%s\n  ...\n' "$report"
  # A model that is not ready, or not there, is asked nothing more; where ready is not asked, its name says it.
  case $step:$is_ready in ready: | name:) stopped=$id ;; esac
  case $cause in no-pod | no-pod-address | oc-fails) stopped=$id ;; esac
  if [ "$verdict" = unreachable ]; then unreachable=$((unreachable + 1)) stopped=$id; else failed=$((failed + 1)); fi
done 3<"$tmp/checks"

[ "$failed" -eq 0 ] || exit 1
[ "$unreachable" -eq 0 ] || exit 3
[ "$asked$here_only" != 01 ] || fail 2 'nothing was asked: on the device, --direct asks models without a Route'
exit 0
