// Loaded before a command (`node --require`): kills it just before its n-th change of the disk, KILL_AT_CHANGE. A write
// counts twice: the second time half of it is done. A command that lives to its end says how many changes it made.
const fs = require('node:fs')
const { syncBuiltinESMExports } = require('node:module')

const killAt = Number(process.env.KILL_AT_CHANGE)
let changes = 0
const step = () => {
  changes++
  if (changes === killAt) process.kill(process.pid, 'SIGKILL')
}

for (const name of ['mkdirSync', 'renameSync', 'rmSync', 'rmdirSync', 'unlinkSync']) {
  const real = fs[name]
  fs[name] = (...args) => {
    step()
    return real(...args)
  }
}

const { writeFileSync } = fs
fs.writeFileSync = (path, content, ...rest) => {
  step()
  if (changes + 1 === killAt) writeFileSync(path, content.slice(0, content.length / 2), ...rest)
  step()
  writeFileSync(path, content, ...rest)
}
syncBuiltinESMExports()
process.on('exit', () => process.stderr.write(`changes of the disk: ${changes}\n`))
