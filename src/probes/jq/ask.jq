# The other side of verify.sh: it says what to ask, is told what came, and says what that is worth. What it says is a line for
# each thing to do; what it is told is JSON: the lines of an answer as texts, then null.
include "words";
include "models";
include "judge";
include "mask";
include "shape";
import "shape" as $shape;

# Told: the lines that came of what was asked.
def told: (try input catch (null | halt)) as $first | [$first, (label $enough | inputs | if . == null then break $enough else . end)];

def say($line): .says += [$line | on_one_line];
def fail($status; $words): say("fail \($status) \($words)");
def name_list: .[:20] | join(", ") | if . == "" then "none" else . end;

# The result of a check: a line of TAP.
def result($word; $comment): .number += 1 | say("tap \($word) \(.number) - \(.model.name) \(.probe.id)\($comment)");

# What is asked now, for the shell.
def request:
  .model as $model | .probe as $probe
  | say("method \($probe.method)")
  | say("scheme \(if $direct then $model.scheme elif $scheme != "" then $scheme else $model.route.scheme end)")
  | say("host \($model.host // "")") | say("port \($model.port)") | say("path \($probe.path)")
  | say("model \($model.name)") | say("namespace \($document[0].namespace)")
  | reduce ($probe.headers | to_entries[]) as $header (.; say("header \($header.key): \($header.value)"))
  | if $model.apiKey == true then say("key") else . end
  | if $probe.body | type == "string" then say("data \($probe.body)")
    elif $probe.body then
      say("made")
      | reduce (.zeros | to_entries[]) as {key: $index, value: $tensor} (say("text {\"inputs\":[");
          (if $index > 0 then say("text ,") else . end)
          | ($tensor | {name, shape, datatype} | tojson | .[:-1]) as $said
          | say("text \($said),\"data\":[0")
          | if $tensor.count > 1 then say("zeros \($tensor.count - 1)") else . end
          | say("text ]}"))
      | say("text ]}")
    else . end
  | say("ask");

def finish:
  if .failed > 0 then say("exit 1")
  elif .unreachable > 0 then say("exit 3")
  elif (.asked | not) and .hidden then fail(2; "nothing was asked: on the device, --direct asks models without a Route")
  else say("exit 0") end;

# Goes on to what is asked next; what is not asked is said.
def next:
  if .probes != [] then
    .probe = .probes[0] | .probes |= .[1:]
    | .zeros = (if .probe.body | type == "object" then .metadata[0] | zeros else null end)
    | why_skipped(.model; .probe; $document[0];
        {direct: $direct, stop: .stop, counted: (.before != null and .answered),
         zeros: (if .probe.body | type != "object" then null elif .metadata == [] then "unasked" elif .zeros == null then "open" else "made" end)}) as $skip
    | if $skip != null then result("ok"; " # SKIP \($skip)") | (if .model.host == null then .hidden = true else . end) | next
      else .asked = true | .waiting = null | .settled = now + (.probe.settle // 0) | request end
  elif .models != [] then
    .model = .models[0] | .models |= .[1:] | .probes = .model.probes
    | .stop = null | .metadata = [] | .before = null | .answered = false | .ready = false
    | next
  else finish end;

# What is to be said where there is no pod to ask.
def nobody($cause; $words):
  $document[0].sentences as $sentences
  | {verdict: "fail", again: "wait", cause: $cause, expected: $sentences.pod, answered: row($document[0].answered; {failure: "name"}).says,
     came: (if $words == "" then $sentences.noPod else $sentences.noPodBecause | filled({words: $words}) end)};

# What came of a request.
def react($lines; $forms):
  $lines[0] as $url
  | (if $url == "" then null else $lines | answer_of($document[0]) end) as $answer
  | (if $answer == null then nobody($lines[1]; $lines[2] // "")
     else
       judge({probe, direct: $direct, limited: (.model.limited == true and ($direct | not))}; $answer; $document[0];
         if .probe.step == "counter" then .before else null end)
     end) as $judged
  | ($judged | if .came then .came |= masked($forms) else . end) as $judged
  | now as $now
  | if $judged.verdict == "fallback" then
      say("tap # \(.model.name) \(.probe.id): \($document[0].sentences.fallback)")
      | .probe += .probe.fallback | del(.probe.fallback)
      | request
    elif $judged.verdict == "pass" then
      result("ok"; " (\($answer.seconds) s)")
      | if .probe.step == "ready" then .ready = true
        elif .probe.step == "name" then .metadata = [$answer.body | try fromjson catch empty]
        elif .probe.step == "metrics" then .before = $judged.sum
        elif .probe.step == "inference" then .answered = true
        else . end
      | next
    elif $judged.again != null and ($now < .settled or ($judged.again == "wait" and $now < .deadline)) then
      (if $judged.cause == .waiting then . else say("note # waiting for \(.model.name) \(.probe.id): \($judged.cause)") end)
      | .waiting = $judged.cause
      | say("sleep") | request
    else
      $document[0].causes[$judged.cause] as $words
      | .model.name as $model | .probe.method as $method | .probe.path as $path
      | result("not ok"; "") | say("tap   ---")
      | reduce (($judged | {expected, came, answered, cause})
          + {means: $words.means, try: ($words.try // "" | split("NAMESPACE") | join($document[0].namespace) | split("MODEL") | join($model)),
             request: "\($method) \(if $url == "" then $path else $url end)"}
          | to_entries[]) as $line (.; say("tap   \($line.key): \($line.value | tojson)"))
      | say("tap   ...")
      | if $judged.verdict == "unreachable" then .unreachable += 1 else .failed += 1 end
      | {step: .probe.step, ready, cause: $judged.cause, verdict: $judged.verdict} as $facts
      | if any($document[0].stops[]; is_so(.; $facts)) then .stop = .probe.id else . end
      | next
    end;

# Begins: the models that are asked, and how many checks they have.
def begin:
  $document[0] as $document
  | ($document | document_problem($shape[0])) as $problem
  | if $problem then fail(2; $problem)
    elif $site != "" and $site != $document.site and ($document.sites | has($site) | not) then
      fail(2; "the bundle has no site \($site | tojson); sites: \([$document.site // empty] + ($document.sites | keys_unsorted) | name_list)")
    else
      ($document | models_of($site)) as $models
      | if $only != "" and all($models[]; .name != $only) then fail(2; "the bundle has no model \($only | tojson); models: \($models | map(.name) | name_list)")
        else
          .models = [$models[] | select($only == "" or .name == $only)]
          | (.models | models_problem($shape[0]; $bundle[0])) as $problem
          | if $problem then fail(2; $problem)
            else
              .models |= map(if .probes == [] then .probes = [{id: "NO-PROBE", step: "request", path: "/", skip: $document.sentences.noQuestion}] else . end)
              | (.models | map(.probes | length) | add // 0) as $total
              | if $total == 0 then fail(2; "the bundle has no model here")
                else say("largest \($document.largestAnswer)") | say("tap TAP version 13") | say("tap 1..\($total)") | next end
            end
        end
    end;

($key | secret_forms) as $secret
| foreach range(infinite) as $turn
  ({number: 0, failed: 0, unreachable: 0, asked: false, hidden: false, models: [], probes: [], deadline: (now + $wait)};
   .says = [] | if $turn == 0 then begin else told as $lines | react($lines; $secret) end;
   .says[])
