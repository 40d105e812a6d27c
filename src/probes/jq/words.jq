# How tables and sentences of probes.json are read. The same in TypeScript: src/probes/when.ts.

# Whether the facts are what a row asks for: each is the value that stands there, or one of the list.
def is_so($when; $facts):
  all($when | to_entries[];
    $facts[.key] as $fact
    | if .value | type == "array" then any(.value[]; . == $fact) else .value == $fact end);

# The first row that fits, or null.
def row($table; $facts): first(($table[] | select(is_so(.when; $facts))), null);

# A sentence with its {names} filled in; what is filled in is not looked at again.
def filled($values):
  split("{")
  | .[0] + (.[1:] | map(split("}") | ($values[.[0]] | tostring) + (.[1:] | join("}"))) | join(""));

# Without what ends a line, moves a cursor or turns a text round.
def on_one_line:
  if test("[\\p{Cc}\\x{2028}\\x{2029}\\x{200e}\\x{200f}\\x{202a}-\\x{202e}\\x{2066}-\\x{2069}]") | not then .
  else
    explode
    | map(if . < 32 or (. > 126 and . < 160) or . == 8206 or . == 8207 or (. > 8231 and . < 8239) or (. > 8293 and . < 8298)
        then 32 else . end)
    | implode
  end;

# A text on one line, short enough to read.
def plain: .[:400] | on_one_line | if length > 300 then .[:299] + "…" else . end;
