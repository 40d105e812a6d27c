import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runIn } from '../../behaviours/runRow.ts'
import { edgePath } from '../../tools/edge.ts'
import { type FakeApiServer, type FakeCluster, kubeconfigFor, startFakeApiServer } from '../../tools/fakeApiServer.ts'
import { startRehearsal } from '../../tools/router.ts'
import { type Demo, makeDemo } from './demo.ts'
import { changed, put } from './device.ts'

const directory = mkdtempSync(join(tmpdir(), 'edge-cluster-command-'))
let demo: Demo

beforeAll(() => {
  demo = makeDemo(directory)
})
afterAll(() => rmSync(directory, { recursive: true, force: true }))

const withServer = async <T>(cluster: Partial<FakeCluster>, use: (server: FakeApiServer) => Promise<T>): Promise<T> => {
  const server = await startFakeApiServer({ objects: demo.device, rbac: demo.rbac, ...cluster })
  try {
    writeFileSync(join(directory, 'kubeconfig'), kubeconfigFor(server))
    return await use(server)
  } finally {
    await server.close()
  }
}

const verify = async (...args: readonly string[]) =>
  runIn(directory, [process.execPath, edgePath, 'verify', 'out', ...args])
const drifted = () =>
  changed(demo.device, 'ConfigMap', 'inferenceservice-config', (object) =>
    put(object, ['data', 'security'], '{"autoMountServiceAccountToken":true,"more":"\\u001b[2J"}'),
  )

describe('edge verify --kubeconfig', () => {
  test('asks the API server alone', async () => {
    const { status, stdout, stderr } = await withServer({}, async () =>
      verify('--kubeconfig', 'kubeconfig', '--format', 'tap'),
    )
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    expect(stdout.match(/^ok \d+ - \S+ CLUSTER-\w+/gm)).toHaveLength(18)
    expect(stdout).toMatch(/^1\.\.18$/m)
  })

  test.each(['table', 'json', 'junit', 'prometheus', 'html'])(
    'a kubeconfig by a path with slashes, as on a device, in %s',
    async (format) => {
      const { status, stdout, stderr } = await withServer({}, async () =>
        verify('--kubeconfig', join(directory, 'kubeconfig'), '--format', format),
      )
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
      expect(stdout).toContain('CLUSTER-NAMESPACE')
    },
  )

  test('beside the models: their answers first, then what is inside', async () => {
    const rehearsal = await startRehearsal(demo.bundle, [])
    try {
      const { status, stdout } = await withServer({}, async () =>
        verify(
          '--kubeconfig',
          'kubeconfig',
          '--host',
          `127.0.0.1:${rehearsal.port}`,
          '--insecure',
          '--model',
          'resnet',
          '--format',
          'tap',
        ),
      )
      expect(status, stdout).toBe(0)
      expect([...stdout.matchAll(/^ok \d+ - \S+ ([A-Z]+)/gm)].map(([, kind]) => kind).join(' ')).toMatch(
        /^OVMS( OVMS)+( CLUSTER){11}$/,
      )
    } finally {
      rehearsal.stop()
    }
  })

  test('a drift is shown field by field, and no text moves the cursor', async () => {
    const { status, stdout, stderr } = await withServer({ objects: drifted() }, async () =>
      verify('--kubeconfig', 'kubeconfig'),
    )
    expect({ status, stderr }).toEqual({ status: 1, stderr: '' })
    expect(stdout).toContain(
      '  came:     ConfigMap inferenceservice-config, data.security.autoMountServiceAccountToken: expected false, found true\n            ConfigMap inferenceservice-config, data.security.more: expected nothing, found "\\u001b[2J"\n',
    )
    expect(stdout).toContain('[config-drift]')
    expect(stdout).not.toContain('\u001b')
  })

  test('what cannot be read is exit status 3, and what is wrong besides wins', async () => {
    const rbac = demo.rbac.filter(({ metadata }) => metadata.name !== 'edge-verify-ai')
    const { status, stdout } = await withServer({ rbac }, async () => verify('--kubeconfig', 'kubeconfig'))
    expect({ status, forbidden: stdout.includes('configmaps "inferenceservice-config" is forbidden') }).toEqual({
      status: 3,
      forbidden: true,
    })
    const worse = await withServer(
      { rbac, objects: changed(demo.device, 'Route', 'assistant', () => undefined) },
      async () => verify('--kubeconfig', 'kubeconfig'),
    )
    expect(worse.status).toBe(1)
  })

  test('nobody there is exit status 3', async () => {
    writeFileSync(join(directory, 'elsewhere'), kubeconfigFor({ url: 'https://127.0.0.1:1', certificate: '' }))
    const { status, stdout, stderr } = await verify('--kubeconfig', 'elsewhere')
    expect({ status, stderr }).toEqual({ status: 3, stderr: '' })
    expect(stdout).toContain('[api-nobody-there]')
  })

  test.each([
    [['--kubeconfig', 'gone'], 'cannot read gone'],
    [['--kubeconfig', 'kubeconfig', '--context', 'x'], 'kubeconfig has no context "x"'],
    [['--context', 'x'], '--context goes with --kubeconfig'],
    [['--kubeconfig', 'kubeconfig', '--inventory', 'x'], 'give either --inventory or --kubeconfig, not both'],
    [['--kubeconfig', 'kubeconfig', '--soak', '9s'], '--soak repeats what models are asked'],
  ])('%j is wrong usage', async (args, message) => {
    expect(await withServer({}, async () => verify(...args))).toMatchObject({
      status: 2,
      stdout: '',
      stderr: expect.stringContaining(message) as string,
    })
  })

  test('Ctrl-C ends it at once', async () => {
    await withServer({ faults: [{ path: '/pods', does: 'hang' }] }, async ({ requests }) => {
      const child = spawn(
        process.execPath,
        [edgePath, 'verify', 'out', '--kubeconfig', 'kubeconfig', '--timeout', '60'],
        { cwd: directory, stdio: 'ignore' },
      )
      while (!requests.some((request) => request.includes('/pods')))
        await new Promise((resolve) => setTimeout(resolve, 20))
      const start = performance.now()
      child.kill('SIGINT')
      expect(await new Promise((resolve) => child.once('close', resolve))).toBe(130)
      expect(performance.now() - start).toBeLessThan(10_000)
    })
  })
})
