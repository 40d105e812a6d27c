import type { Device } from './device.ts'

/**
 * Puts a fake `oc` on a device: a stand-in for the cluster, which keeps no rules of its own. It notes its arguments in
 * `calls`, keeps what it is given to apply in `applied/N.json`, and answers a `get` with the file `answers/KINDS[/NAME]` (or
 * fails as oc does where there is none). A file `answers/….then` follows when the first has been given; a file
 * `answers/….2` is there when it has been asked for twice in vain.
 */
export const withFakeOc = (device: Device): void => {
  device.mkdir('answers', 'applied')
  device.program(
    'oc',
    `cd "$EDGE_ROOT" || exit 9
printf '%s\\n' "$*" >> calls
case " $* " in
  *' apply '*)
    n=$(ls applied | wc -l)
    cat > "applied/$n.json"
    if [ -e answers/apply-fails ]; then echo 'error: the server has asked for a pause' >&2; rm answers/apply-fails; exit 1; fi
    exit 0 ;;
  *' rollout '*) if [ -e answers/rollout-fails ]; then echo 'error: timed out' >&2; exit 1; fi; echo done; exit 0 ;;
esac
shift 2
file=answers/$1
case \${2--} in -*) ;; *) file=$file-$2 ;; esac
if [ ! -e "$file" ]; then
  echo "Error from server (NotFound): $file" >&2
  if [ -e "$file.2" ]; then mv "$file.2" "$file.1"; elif [ -e "$file.1" ]; then mv "$file.1" "$file"; fi
  exit 1
fi
cat "$file"
if [ -e "$file.then" ]; then mv "$file.then" "$file"; fi
`,
  )
}

/** The arguments of each call of the fake `oc` so far. */
export const callsOfOc = (device: Device): string[] =>
  device
    .shell('cat calls 2> /dev/null || :')
    .stdout.split('\n')
    .filter((line) => line !== '')
