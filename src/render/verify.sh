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
# On the device, the router's own CA and the cluster's own access are at hand.
device_ca=/var/lib/microshift/certs/ingress-ca/ca.crt
if [ -z "$ca_file$insecure" ] && [ -r "$device_ca" ]; then ca_file=$device_ca; fi
device_access=/var/lib/microshift/resources/kubeadmin/kubeconfig
if [ "$direct" = true ] && [ -z "${KUBECONFIG:-}" ] && [ -r "$device_access" ]; then export KUBECONFIG="$device_access"; fi


# The key goes to curl in a file: an argument is seen by everybody.
umask 077
: >"$tmp/key"
: >"$tmp/secret"
if [ -n "$token_file" ]; then
  token=$(head -n 1 -- "$token_file" | tr -d '\r')
  [ -n "$token" ] || fail 2 "$token_file holds no API key: its first line is empty"
  printf 'Authorization: Bearer %s\n' "$token" >"$tmp/key"
  # jq takes it out of what servers send back.
  printf '%s' "$token" >"$tmp/secret"
fi

# Lines as JSON: one text for each. Control characters are escaped, as JSON wants it.
{
  printf '%s\n' 's/[\\"]/\\&/g' '/[[:cntrl:]]/{'
  for octal in 1 2 3 4 5 6 7 10 11 13 14 15 16 17 20 21 22 23 24 25 26 27 30 31 32 33 34 35 36 37; do
    # shellcheck disable=SC2059
    printf "s/\\$octal/\\\\\\\\u%04x/g\n" "0$octal"
  done
  printf '%s\n' '}' 's/.*/"&"/'
} 2>/dev/null >"$tmp/lines.sed" || fail 3 "cannot write to $tmp: is the disk of TMPDIR full?"

# One jq for all questions: starting it costs as much as three of them. It plans, judges and keeps in mind what came (jq/ask.jq);
# this shell does what it says. A ~/.jq of somebody's would change what jq's own functions do.
# What a bundle lists, where these files stand in one.
listed=$here/../bundle.json
[ -r "$listed" ] || listed=/dev/null
mkfifo "$tmp/told" "$tmp/said" || fail 3 'cannot make a pipe'
HOME=$tmp jq -n -r --unbuffered -L "$here/jq" -f "$here/jq/ask.jq" --slurpfile document "$here/probes.json" --slurpfile bundle "$listed" --rawfile key "$tmp/secret" --arg site "$site" --arg only "$only" \
  --argjson direct "$direct" --arg scheme "$scheme" --argjson wait "$wait" <"$tmp/told" >"$tmp/said" 2>"$tmp/jq" &
exec 4>"$tmp/told" 3<"$tmp/said"

# ask: sends the request and leaves the answer in $tmp/body and what curl says of it in $tmp/report.
ask() {
  : >"$tmp/body"
  if [ "$direct" = true ]; then
    found=$(oc get pods --request-timeout "${timeout}s" --namespace "$namespace" --selector "serving.kserve.io/inferenceservice=$model" --field-selector status.phase=Running \
      --sort-by .metadata.creationTimestamp --output 'jsonpath={range .items[*]}{.status.podIP}{"\n"}{end}' 2>"$tmp/oc") || cause=oc-fails
    pod=$(printf '%s\n' "$found" | grep . | tail -n 1)
    if [ -n "$cause" ] || [ -z "$pod" ]; then
      { printf '\n%s\n' "${cause:-no-pod-address}" && head -n 1 "$tmp/oc"; } >"$tmp/report"
      return
    fi
    case $pod in *:*) pod="[$pod]" ;; esac
    url="$scheme_now://$pod:$pod_port$path"
    set -- --insecure
  else
    url="$scheme_now://$route_host$path"
    # Whatever the host is: curl writes numbers as addresses before it compares, and the key would go there.
    set -- --connect-to "::$address:$port"
    [ -z "$insecure" ] || set -- "$@" --insecure
    [ -z "$ca_file" ] || set -- "$@" --cacert "$ca_file"
  fi
  [ -z "$body" ] || set -- "$@" --data-binary "@$body"
  [ -z "$api_key" ] || set -- "$@" --header "@$tmp/key"
  printf '%sExpect:\nUser-Agent: edge-verify\n' "$headers" >"$tmp/headers"
  printf '%s\n' "$url" >"$tmp/report"
  # The line's end after the body keeps its last line whole.
  curl -q --silent --globoff --path-as-is --http1.1 --noproxy '*' --max-time "$timeout" --request "$method" --header "@$tmp/headers" "$@" \
    --write-out '%{stderr}%{http_code} %{exitcode} %{time_connect} %{time_total} %{content_type}\n%{errormsg}\n' --url "$url" 2>>"$tmp/report" |
    { head -c "$largest" && echo; } 2>/dev/null >"$tmp/body" || fail 3 "cannot write to $tmp: is the disk of TMPDIR full?"
  # Of an answer that did not come whole nothing is looked at.
  { read -r _ && read -r _ exit_status _; } <"$tmp/report"
  [ "$exit_status" = 0 ] || : >"$tmp/body"
}

largest=0 exit_status=''
scheme_now='' route_host='' pod_port='' path='' method='' headers='' api_key='' body='' model='' namespace='' cause='' url=''
while IFS= read -r line <&3; do
  rest=${line#* }
  case $line in
    'tap '*) printf '%s\n' "$rest" || fail 3 'cannot write the result' ;;
    'note '*) printf '%s\n' "$rest" >&2 ;;
    'largest '*) largest=$rest ;;
    'method '*) method=$rest url='' path='' headers='' api_key='' body='' cause='' ;;
    'scheme '*) scheme_now=$rest ;;
    'host '*) route_host=$rest ;;
    'port '*) pod_port=$rest ;;
    'path '*) path=$rest ;;
    'model '*) model=$rest ;;
    'namespace '*) namespace=$rest ;;
    'header '*) headers="$headers$rest
" ;;
    key) api_key=1 ;;
    'data '*)
      body=$here/data/$rest
      { [ -r "$body" ] && [ ! -L "$body" ]; } || fail 2 "cannot read $body: the bundle is damaged"
      ;;
    made)
      body=$tmp/made
      : >"$body"
      ;;
    'text '*) printf '%s' "$rest" >>"$body" ;;
    'zeros '*) printf "%${rest}s" '' | sed 's/ /,0/g' >>"$body" ;;
    ask)
      ask 3<&- 4>&-
      { LC_ALL=C sed -f "$tmp/lines.sed" "$tmp/report" "$tmp/body" && echo null; } >&4 || fail 3 'jq ended'
      ;;
    sleep) sleep 1 ;;
    'fail '*) fail "${rest%% *}" "${rest#* }" ;;
    'exit '*) exit "$rest" ;;
  esac
done
# Without its word at the end, nothing is known.
fail 3 "jq ended: $(head -n 1 "$tmp/jq")"
