# Takes a secret out of texts of others: a server may send back what it was sent. The same in TypeScript: src/verify/mask.ts.

# The characters of base64 that hold a secret's bytes alone, for each of the three places that it can begin at, in both alphabets.
def base64_forms:
  . as $secret
  | (["", "x", "xx"] | to_entries[]) as $before
  | ($before.value + $secret | @base64 | .[(($before.key * 8 + 5) / 6 | floor):(($before.key + ($secret | utf8bytelength)) * 8 / 6 | floor)])
  | ., gsub("\\+"; "-") | gsub("/"; "_"), .;

# How a secret may be written, the longest first; a shorter text than four characters is no secret, and would be found everywhere.
def secret_forms:
  if length < 4 then []
  else
    [., (tojson | .[1:-1]), @uri, (@uri | gsub("%(?<hex>[0-9A-F]{2})"; "%\(.hex | ascii_downcase)")), base64_forms]
    | map(select(length >= 4)) | unique | sort_by(-length)
  end;

# How many characters at the end of a text are the beginning of a form; 0 for too few to be one.
def beginning_at_end($form):
  . as $text
  | first((range([($form | length) - 1, ($text | length)] | min; 3; -1) as $length | select($text | endswith($form[:$length])) | $length), 0);

# A text without any of the forms; of one that was cut, with "…" at its end, what may be the beginning of one goes too.
def masked($forms):
  reduce $forms[] as $form (.; split($form) | join("***"))
  | if endswith("…") | not then .
    else
      .[:-1] as $text
      | ([$forms[] as $form | $text | beginning_at_end($form)] | max // 0) as $cut
      | if $cut == 0 then . else $text[:($text | length) - $cut] + "***…" end
    end;
