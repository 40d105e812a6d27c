import { spawnSync } from 'node:child_process'

const warmUps = 3

/**
 * Runs each row's command in turns, so that what else the machine does falls on all of them.
 *
 * @param {import('./run.mjs').Row[]} rows - the first is what the others are compared with
 * @param {number} rounds
 * @returns the rows with the median in milliseconds, the ratio of medians to the first row, and whether the goal is met
 */
export const measure = (rows, rounds) => {
  const times = rows.map(() => [])
  for (let round = -warmUps; round < rounds; round++) {
    rows.forEach((row, index) => {
      row.before?.()
      const time = run(row)
      if (round >= 0) times[index].push(time)
    })
  }
  const medians = times.map(median)
  return rows.map(({ name, goal, goalMs }, index) => {
    const ms = medians[index]
    const ratio = ms / medians[0]
    const ok =
      goal === undefined && goalMs === undefined ? undefined : ratio <= (goal ?? Infinity) && ms <= (goalMs ?? Infinity)
    return { name, ms, ratio, goal, goalMs, ok }
  })
}

const run = ({ name, command: [program, ...args] }) => {
  // Node 20 reads the file of certificates at each start, 70 ms that are not the command's.
  const { NODE_EXTRA_CA_CERTS: _, ...env } = process.env
  const start = process.hrtime.bigint()
  const { status, stderr, error } = spawnSync(program, args, {
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
  })
  const ms = Number(process.hrtime.bigint() - start) / 1e6
  if (error !== undefined || status !== 0)
    throw new Error(`${name}: exit status ${status}\n${stderr}`, { cause: error })
  return ms
}

const median = (numbers) => {
  const sorted = numbers.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}
