import formatNames from 'virtual:formats'
import { Command, Option } from 'commander'
import type { OutputOption } from './commands/outputs.ts'
import { InputError } from './errors.ts'
import { toolVersion } from './packaged.ts'
import { printable } from './report/printable.ts'
import { writeStderr } from './report/stderr.ts'
import { writeStdout } from './report/stdout.ts'
import { type LogLevel, logLevels, makeTerminal, type Terminal } from './report/log.ts'

/** The options that every command has. */
interface SharedOptions {
  readonly color: boolean
  readonly logLevel: LogLevel
  readonly debug?: boolean
}

/**
 * The command line, declared in one place. Each command's code is loaded when it is called: `--version` and `--help` load
 * nothing else.
 */
export const makeProgram = (): Command => {
  const program = new Command('edge')
    .description('AI models on MicroShift from one file: manifests and lists of images, generated offline.')
    .version(toolVersion, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [COMMAND]', 'print the help of a command')
    .showSuggestionAfterError()
    .configureOutput({
      writeOut: writeStdout,
      writeErr: writeStderr,
      outputError: (message, write) => write(printable(message.replace(/^error: /, 'edge: '))),
    })
    .exitOverride()
    .addHelpText('after', '\nExample:\n  edge generate --example ovms-resnet50 -o out')

  command(program, 'generate', 'write the bundle: manifests, list of images, README', [
    'edge generate -f edge.yaml -o out',
    'edge generate --example ovms-resnet50 -o out',
    'edge generate -f edge.yaml --dry-run',
    'edge generate -f edge.yaml -o out --check',
  ])
    .addOption(specOption())
    .addOption(exampleOption())
    .addOption(payloadOption())
    .addOption(siteOption())
    .option('-o, --output <DIR>', 'directory of the bundle')
    .option('--dry-run', 'list the files of the bundle, write nothing')
    .option('--check', 'write nothing; print a diff and exit 1 if DIR is not what would be generated')
    .option('--force', 'keep files in DIR that edge did not write, instead of stopping')
    .action(async (_, self: Command) =>
      (await import('./commands/generate.ts')).generate(self.opts(), terminalOf(self)),
    )

  const validate = command(program, 'validate', 'say what is wrong with a spec, or with a bundle', [
    'edge validate -f edge.yaml',
    'edge validate out',
    'edge validate -f edge.yaml --format json -o findings.json',
  ])
    .argument('[BUNDLE]', 'directory of a bundle')
    .addOption(specOption())
    .addOption(exampleOption())
    .addOption(payloadOption())
    .addOption(siteOption())
  withOutputs(validate, ['text', 'json'], async (outputs, self) =>
    (await import('./commands/validate.ts')).validate(self.args[0], { ...self.opts(), outputs }, terminalOf(self)),
  )

  command(
    program,
    'lock',
    'on a connected machine: ask registries which bytes each image is, and write edge.lock.yaml beside the spec',
    [
      'edge lock -f edge.yaml',
      'edge lock -f edge.yaml --authfile pull-secret.json',
      'edge lock -f edge.yaml --update ovms-resnet50',
    ],
  )
    .addOption(specOption())
    .addOption(payloadOption())
    .option('--authfile <FILE>', 'registry logins, as `skopeo login` and a pull secret have them')
    .option('--update [NAME]', 'ask again what tags name: all of them, or those of one model, runtime or image')
    .option('--timeout <SECONDS>', 'longest time for an attempt', '60')
    .option('-o, --output <FILE>', 'write there instead; - is standard output')
    .action(async (_, self: Command) => (await import('./commands/lock.ts')).lock(self.opts(), terminalOf(self)))

  const images = command(
    program,
    'images',
    'list every image that the device needs, each with why, or as other tools take it',
    [
      'edge images -f edge.yaml',
      'edge images out --format json',
      'edge images out --format skopeo-sync -o sync.yaml --format mapping -o mapping.txt',
    ],
  )
    .argument('[BUNDLE]', 'directory of a bundle')
    .addOption(specOption())
    .addOption(exampleOption())
    .addOption(payloadOption())
    .addOption(siteOption())
  images.option('--mirrored', "name images where the spec's mirrors have them")
  withOutputs(images, formatNames.lists, async (outputs, self) =>
    (await import('./commands/images.ts')).images(self.args[0], { ...self.opts(), outputs }, terminalOf(self)),
  )

  const runtimes = command(
    program,
    'runtimes',
    'show what the payload can serve: formats, ports, accelerators, images',
    ['edge runtimes', 'edge runtimes --payload / --format json'],
  ).addOption(payloadOption())
  withOutputs(runtimes, ['table', 'json'], async (outputs, self) =>
    (await import('./commands/runtimes.ts')).runtimes({ ...self.opts(), outputs }, terminalOf(self)),
  )

  const explain = command(
    program,
    'explain',
    'say why this runtime, image, port, host and probe, each with where it comes from',
    ['edge explain out ovms-resnet50', 'edge explain out ovms-resnet50 --format json'],
  )
    .argument('<BUNDLE>', 'directory of a bundle')
    .argument('<MODEL>', 'name of a model')
  withOutputs(explain, ['text', 'json'], async (outputs, self) =>
    (await import('./commands/explain.ts')).explain(
      self.args[0] ?? '',
      self.args[1] ?? '',
      { outputs },
      terminalOf(self),
    ),
  )

  const verify = command(program, 'verify', 'ask the models of a device, or of a fleet, what is known of them', [
    'edge verify out --host 192.0.2.7 --ca-file ingress-ca.crt --wait 300',
    'edge verify out --host 192.0.2.7 --insecure --format table --format junit -o verify.xml',
    'edge verify out --kubeconfig kubeconfig',
    'edge verify out --inventory fleet.csv --selector line=3 --format html -o fleet.html --resume results.ndjson',
  ])
    .argument('<BUNDLE>', 'directory of a bundle')
    .option(
      '--host <ADDR>',
      "the device: address or name, IPv6 in brackets, with :PORT where it is not the scheme's own (127.0.0.1)",
    )
    .option('--scheme <SCHEME>', 'http or https; otherwise what each Route speaks')
    .option('--direct', 'on the device: past the router, to the pods (asks oc for their addresses)')
    .option('--site <NAME>', 'the site that the device is at')
    .option('--model <NAME>', 'this model alone; may be repeated', (name: string, names: string[] | undefined) => [
      ...(names ?? []),
      name,
    ])
    .option('--timeout <SECONDS>', 'for one attempt', '10')
    .option('--wait <SECONDS>', 'how long models may take until they are ready', '0')
    .option('--token-file <FILE>', 'a file with the API key, for models that want one')
    .option('--ca-file <FILE>', "the CA of the router's certificate, as PEM")
    .option('--insecure', 'take any certificate')
    .option('--soak <DURATION>', 'repeat all checks for that long: 90s, 10m, 2h')
    .option('--kubeconfig <FILE>', 'look inside the cluster as well, or alone without --host and --direct; only reads')
    .option('--context <NAME>', 'of the kubeconfig, in place of its current one')
    .option('--inventory <FILE>', 'a fleet: YAML or CSV of host, site and labels')
    .option(
      '--selector <KEY=VALUE>',
      'of the inventory, the devices whose label, site or host is (or with != is not) that; may be repeated, all must hold',
      (text: string, texts: string[] | undefined) => [...(texts ?? []), text],
    )
    .option('--concurrency <NUMBER>', 'devices that are asked at once', '64')
    .option('--max-failures <NUMBER>', 'ask no more devices when that many are not good')
    .option(
      '--resume <FILE>',
      'NDJSON of results: devices that were good in it are not asked again, and new results are added to it',
    )
  withOutputs(verify, formatNames.reports, async (outputs, self) =>
    (await import('./commands/verify.ts')).verify(self.args[0] ?? '', { ...self.opts(), outputs }, terminalOf(self)),
  )

  command(
    program,
    'rehearse',
    'serve made-up models on loopback that answer what the probes expect, to try probes and pipelines without a device',
    ['edge rehearse out', 'edge rehearse out --port 0 --behaviour wrong-answer', 'edge rehearse --behaviour list'],
  )
    .argument('[BUNDLE]', 'directory of a bundle')
    .option('--port <PORT>', 'port on 127.0.0.1, for HTTP and HTTPS; 0 takes a free one', '8443')
    .option('--site <NAME>', 'the models and hosts of this site')
    .option('--behaviour <NAME>', 'what the servers do: good, slow-start, wrong-answer, …; `list` lists them', 'good')
    .action(async (_, __, self: Command) =>
      (await import('./commands/rehearse.ts')).rehearse(self.args[0], self.opts(), terminalOf(self)),
    )

  command(program, 'schema', 'print the JSON Schema of the spec file, for editors', [
    'edge schema > edge.schema.json',
  ]).action(async () => (await import('./commands/schema.ts')).schemaCommand())

  // Last in each command's help.
  for (const each of program.commands) {
    each
      .addOption(
        new Option('--log-level <LEVEL>', 'least important message to show').choices(logLevels).default('info'),
      )
      .option('--debug', 'show everything, as --log-level debug')
      .option('--no-color', 'no colours, as NO_COLOR in the environment')
  }
  return program
}

const command = (program: Command, name: string, description: string, examples: readonly string[]): Command =>
  program
    .command(name)
    .description(description)
    .helpOption('-h, --help', 'print this help')
    .addHelpText(
      'after',
      `\nExample${examples.length === 1 ? '' : 's'}:\n${examples.map((example) => `  ${example}`).join('\n')}`,
    )

const specOption = () => new Option('-f, --filename <FILE>', 'the spec file; - is standard input')
const exampleOption = () => new Option('--example <NAME>', 'instead of -f, a spec that ships with the package')
const siteOption = () => new Option('--site <NAME>', 'this site alone, its values in place of overlays')
const payloadOption = () =>
  new Option(
    '--payload <DIR|RELEASE>',
    'the payload: a tree as the RPMs install it, or an embedded release; wins over the spec',
  )

/** Gives a command `--format` and `--output`, which may be repeated: each output belongs to the format before it. */
const withOutputs = (
  to: Command,
  formats: readonly string[],
  action: (outputs: readonly OutputOption[], self: Command) => Promise<void>,
): void => {
  const outputs: OutputOption[] = []
  to.option('--format <NAME>', `${formats.join(', ')}; may be repeated, each with its own --output`)
    .option('-o, --output <PATH>', 'write to a file instead of standard output')
    .on('option:format', (format: string) => outputs.push({ format }))
    .on('option:output', (output: string) => outputs.push({ output }))
    .action(async () => {
      await refuseUnknown(outputs, formats)
      await action(outputs, to)
    })
}

/** The word of what is near is loaded for a slip of the pen. */
const refuseUnknown = async (outputs: readonly OutputOption[], formats: readonly string[]): Promise<void> => {
  const format = outputs
    .flatMap((output) => ('format' in output ? output.format : []))
    .find((one) => !formats.includes(one))
  if (format === undefined) return
  const { didYouMean } = await import('./findings/near.ts')
  throw new InputError(`there is no format "${format}"`, {
    help: didYouMean(format, formats) ?? `formats: ${formats.join(', ')}`,
  })
}

const terminalOf = (command: Command): Terminal => makeTerminal(command.opts<SharedOptions>())
