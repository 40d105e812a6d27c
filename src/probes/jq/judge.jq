# An answer held against the table of verdicts. The same in TypeScript: src/verify/judge.ts.
include "words";

# The values that a path leads to: a key (of a list, an index), {name} the items of a list that have it, {} all of them.
def at($path):
  if $path == [] then .
  else
    $path[0] as $step
    | (if $step | type == "object" then
        if type == "array" then .[] | select($step.name == null or (type == "object" and .name == $step.name)) else empty end
      elif type == "object" then if has($step) then .[$step] else empty end
      elif type == "array" and ($step | test("^[0-9]+$")) then .[$step | tonumber:][:1][]
      else empty end)
    | at($path[1:])
  end;

# A list of numbers, however nested, or null.
def numbers:
  if type != "array" then null
  else flatten | if length > 0 and all(.[]; type == "number" and (isnan | not)) then . else null end end;

def argmax: numbers | if . == null then null else index(max) end;

# The sum of a counter's series in a Prometheus text: those of its name that have its labels; null without any. Label order is
# free, values are floats; NaN counts nothing.
def sum($counter):
  reduce (split("\n")[] | select(startswith($counter.name + "{") or startswith($counter.name + " "))) as $line (null;
    ([$line | scan("([a-zA-Z_][a-zA-Z0-9_]*)=\"((?:[^\"\\\\]|\\\\.)*)\"") | {key: .[0], value: .[1]}] | from_entries) as $labels
    | if ($counter.labels | to_entries | all(.[]; .value == $labels[.key]))
        and ($counter.except == null or (any($counter.except.values[]; . == $labels[$counter.except.label]) | not))
      then
        . + ($line | sub("^[^{ ]*(\\{.*\\})?\\s*"; "") | split(" ")[0] | (tonumber? // 0) | if isnan then 0 else . end)
      else . end);

# Whether a check holds: of the JSON that came (a list of one, or none), of the whole answer, of a counter.
def holds($check; $json; $body; $sum; $before):
  if $check.is == "counter" then
    (($check.present | not) or $sum != null) and (($check.more | not) or $before == null or ($sum // 0) > $before)
  elif $check.is == "containing" and $check.at == null then $body | contains($check.value)
  else
    [$json[] | at($check.at)] as $values
    | if $check.is == "equal" then any($values[]; . == $check.value)
      elif $check.is == "type" then any($values[]; type == $check.value)
      elif $check.is == "at-least" then any($values[]; type == "number" and . >= $check.value)
      elif $check.is == "containing" then any($values[]; type == "string" and contains($check.value))
      elif $check.is == "argmax" then any($values[]; argmax == $check.value)
      elif $check.is == "near" then
        any($values[]; numbers | . != null and length == ($check.value | length)
          and ([., $check.value] | transpose | all(.[]; (.[0] - .[1] | if . < 0 then -. else . end) <= $check.tolerance)))
      elif $check.is == "channels-last" then
        any($values[]; type == "array" and length == 4 and (.[1] == 1 or .[1] == 3) and (.[3] as $last | any(1, 3, 4; . == $last) | not))
        | not
      else false end
  end;

# What is to be said of an answer, {failure, words, status, html, body}, to a question, {probe, direct, limited}: {verdict},
# and of one that is not good {again, expected, came, answered, cause}; with a counter {sum}.
def judge($question; $answer; $document; $before):
  $question.probe as $probe
  | $answer.failure as $failure
  | {failure: $failure, answer: ($failure == null), html: $answer.html} as $whose
  | ($failure == null and any($probe.expect.status[]; . == $answer.status) and (($answer.html | not) or $probe.step == "request")) as $wanted
  | def said($facts; $values):
      row($document.came; $facts) as $row
      | {came: ($row.says | filled($values + {body: ($answer.body | plain)})), answered: row($document.answered; $whose).says}
        + (if $row.cause then {cause: $row.cause} else {} end);
  if $wanted | not then
    first($document.rules[] | select(
      (if .failure then any(.failure[]; . == $failure) else $failure == null end)
      and (.html == null or $answer.html)
      and (.direct == null or $question.direct)
      and (.limited == null or $question.limited)
      and (.status == null or any(.status[]; . == $answer.status))
      and (.step == null or any(.step[]; . == $probe.step))
      and (.says == null or (.says as $says | $answer.body | contains($says)))
      and (.verdict != "fallback" or $probe.fallback != null)))
    | {verdict, again: (if .again then "wait" else null end), cause,
       expected: ($document.sentences.status | filled({status: ($probe.expect.status | map(tostring) | join($document.sentences.or))}))}
      + said({answer: ($failure == null), wanted: false}; {status: $answer.status, words: ($answer.words // $failure // "" | plain)})
  else
    [$answer.body | try fromjson catch empty] as $json
    | ([$probe.expect.checks[] | select(.is == "counter")][0]) as $counter
    | (if $counter then $answer.body | sum($counter) else null end) as $sum
    | first(($probe.expect.checks[] | select(holds(.; $json; $answer.body; $sum; $before) | not)), null) as $broken
    | (if $counter then {sum: ($sum // 0)} else {} end)
      + if $broken == null then {verdict: "pass"}
        else
          [if $broken.at then $json[] | at($broken.at) else empty end] as $values
          | {verdict: "fail", cause: $broken.cause, expected: $broken.says,
             again: (if $probe.settle and ($before == null or $sum == null or $sum == $before) then "settle" else null end)}
            + said(
                {answer: true, wanted: true, is: $broken.is, at: ($broken.at != null), json: ($json != []), there: ($values != []),
                 numbers: ($values[0] | numbers != null), series: ($sum != null), known: ($before != null),
                 back: ($before != null and ($sum // 0) < $before)};
                {before: $before, sum: $sum, index: ($values[0] | argmax), values: ($values[:5] | map(tojson) | join(", ") | plain)})
        end
  end;

# What curl says of a request, and the answer: the URL, its report, the words of an error or nothing, the body.
def answer_of($document):
  . as $lines
  | ($lines[1] // "" | split(" ")) as $report
  | $report[1] as $exit
  | if $exit == "0" then
      {failure: null, status: ($report[0] | tonumber), html: ($report[4:] | join(" ") | ascii_downcase | startswith("text/html")), body: ($lines[3:] | join("\n"))}
    else
      {failure: (if $exit == "28" and (($report[2] | tonumber?) // 0) == 0 then "unconnected" else $document.curlFailures[$exit // ""] // "other" end),
       words: ($lines[2:] | join(" ") | sub("\\s+$"; "") | if . == "" then "curl ended with \($exit)" else . end), status: 0, html: false, body: ""}
    end
  | .seconds = ($report[3] // "0" | sub("(?<two>\\.[0-9]{2}).*"; "\(.two)"));
