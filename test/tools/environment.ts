/**
 * What programs that tests run get of this process's environment. Nothing else: a proxy, a registry's login, a kubeconfig or a
 * language of whoever runs the tests changes no result.
 */
export const environment: Readonly<Record<string, string>> = Object.fromEntries(
  ['HOME', 'LOGNAME', 'NODE_V8_COVERAGE', 'PATH', 'TMPDIR', 'USER'].flatMap((name) => {
    const value = process.env[name]
    return value === undefined ? [] : [[name, value] as const]
  }),
)
