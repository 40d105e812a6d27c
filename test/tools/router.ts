import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { edgePath } from './edge.ts'
import { environment } from './environment.ts'
import { freePort } from './freePort.ts'
import type { Front } from '../behaviours/rows.ts'

/** A real haproxy in front of `edge rehearse`, as MicroShift's router stands in front of pods. */
export interface Router {
  /** ADDR of the port that speaks TLS. */
  readonly secure: string
  /** ADDR of the port that speaks HTTP. */
  readonly plain: string
  readonly stop: () => void
}

/** A CA, and certificates by it for the hosts of two base domains and for another host: `ca.crt`, `hosts.pem`, `other-host.pem`. */
export const makeCertificates = (directory: string): void => {
  const openssl = (...args: readonly string[]) => execFileSync('openssl', args, { cwd: directory, stdio: 'pipe' })
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2']
  openssl('req', '-x509', ...key, '-keyout', 'ca.key', '-out', 'ca.crt', '-subj', '/CN=some ingress CA')
  for (const [name, hosts] of [
    ['hosts', 'DNS:*.apps.example.com,DNS:*.apps.plant-a.example.com'],
    ['other-host', 'DNS:elsewhere.example.org'],
  ] as const) {
    openssl(
      'req',
      '-x509',
      ...key,
      '-keyout',
      `${name}.key`,
      '-out',
      `${name}.crt`,
      '-subj',
      `/CN=${name}`,
      '-addext',
      `subjectAltName=${hosts}`,
      '-addext',
      'basicConstraints=critical,CA:FALSE',
      '-CA',
      'ca.crt',
      '-CAkey',
      'ca.key',
    )
    writeFileSync(
      join(directory, `${name}.pem`),
      readFileSync(join(directory, `${name}.crt`), 'utf8') + readFileSync(join(directory, `${name}.key`), 'utf8'),
    )
  }
}

/** Starts `edge rehearse` on a free port. */
export const startRehearsal = async (
  bundle: string,
  options: readonly string[],
): Promise<{ port: number; stop: () => void }> => {
  const child = spawn(process.execPath, [edgePath, 'rehearse', bundle, '--port', '0', ...options], {
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  const port = await new Promise<number>((resolve, reject) => {
    child.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString()
      const [, found] = /--host 127\.0\.0\.1:(\d+)/.exec(said) ?? []
      if (found !== undefined) resolve(Number(found))
    })
    child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()))
    child.once('exit', (status) => reject(new Error(`edge rehearse ended with ${status}: ${said}`)))
  })
  return { port, stop: () => child.kill() }
}

/**
 * Starts a router in front of a port.
 *
 * @param directory - with the certificates; files of its own go there too
 * @param backend - the port behind it
 */
export const startRouter = async (
  directory: string,
  backend: number,
  { patience = 30, refuses, empty, certificate, absent }: Front,
): Promise<Router> => {
  const [secure, plain] = [await freePort(), await freePort()]
  if (absent === true) return { secure: `127.0.0.1:${secure}`, plain: `127.0.0.1:${plain}`, stop: () => undefined }
  const page = join(directory, `503-${secure}.http`)
  writeFileSync(
    page,
    'HTTP/1.0 503 Service Unavailable\r\nPragma: no-cache\r\nCache-Control: private, max-age=0, no-cache, no-store\r\nConnection: close\r\nContent-Type: text/html\r\n\r\n<html><body><h1>Application is not available</h1></body></html>\n',
  )
  const file = join(directory, `haproxy-${secure}.cfg`)
  writeFileSync(
    file,
    `
defaults
  mode http
  timeout connect 2s
  timeout client 30s
  timeout server ${patience}s
  errorfile 503 ${page}
frontend public
  bind 127.0.0.1:${plain}
  bind 127.0.0.1:${secure} ssl crt ${join(directory, `${certificate ?? 'hosts'}.pem`)}
  ${refuses === true ? 'tcp-request content reject' : ''}
  use_backend pods if { hdr_end(host),field(1,:) -m end .apps.example.com .apps.plant-a.example.com }
backend pods
  server pod 127.0.0.1:${empty === true ? await freePort() : backend}
`,
  )
  const child = spawn('haproxy', ['-db', '-f', file], { stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()))
  await listening(plain, child, () => said)
  return { secure: `127.0.0.1:${secure}`, plain: `127.0.0.1:${plain}`, stop: () => child.kill() }
}

const listening = async (port: number, child: ChildProcess, said: () => string): Promise<void> => {
  for (;;) {
    if (child.exitCode !== null) throw new Error(`haproxy ended with ${child.exitCode}: ${said()}`)
    const isThere = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => {
        socket.destroy()
        resolve(true)
      })
      socket.once('error', () => resolve(false))
    })
    if (isThere) return
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
