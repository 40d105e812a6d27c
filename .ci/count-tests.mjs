// node .ci/count-tests.mjs FILE: prints how many tests passed, from the JSON report of vitest. Fails when one did not run:
// a pipeline must not pass on tests that it left out.
import { readFileSync } from 'node:fs'

const report = JSON.parse(readFileSync(process.argv[2], 'utf8'))
const notPassed = report.testResults.flatMap(({ name, assertionResults }) =>
  assertionResults
    .filter(({ status }) => status !== 'passed')
    .map(({ fullName, status }) => `${status}: ${name}: ${fullName}`),
)
if (notPassed.length > 0 || report.numPassedTests === 0) {
  console.error([`${notPassed.length} tests did not pass or did not run`, ...notPassed].join('\n'))
  process.exit(1)
}
console.log(report.numPassedTests)
