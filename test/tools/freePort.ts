import { createServer } from 'node:net'

/**
 * Ports below those that the kernel gives by itself: such a one could be given to somebody else before it is used. Each
 * worker has a block of its own.
 */
let next = 10_000 + (process.pid % 200) * 100

/** A port that is free, for a program that has to be told one, or for nobody. */
export const freePort = async (): Promise<number> => {
  for (;;) {
    const port = next++
    const isFree = await new Promise<boolean>((resolve) => {
      const server = createServer()
      server.once('error', () => resolve(false))
      server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
    })
    if (isFree) return port
  }
}
