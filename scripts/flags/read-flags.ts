import { parseArgs } from 'node:util'
import type { ParseArgsOptionsConfig } from 'node:util'

/** The flags of a command. `--help` prints the usage and ends it; a flag that does not exist ends it with status 2 and the usage. */
export function readFlags<const Options extends ParseArgsOptionsConfig>(usage: string, options: Options) {
  if (process.argv.slice(2).some((flag) => flag === '--help' || flag === '-h')) {
    console.log(usage)
    process.exit(0)
  }
  try {
    return parseArgs({ options }).values
  } catch (error) {
    const [sentence = ''] = (error as Error).message.split('. ')
    console.error(`${sentence.replace(/\.$/, '')}.\n\n${usage}`)
    process.exit(2)
  }
}
