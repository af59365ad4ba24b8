import { pino } from 'pino'
import type { DestinationStream, Logger } from 'pino'

export type Log = Logger

/**
 * JSON lines. The known secrets of the process are cut out of the finished line, message included: pino's own `redact`
 * knows literal paths only and never looks into messages.
 */
export function createLog(options: { name: string; level: string; secrets: readonly string[]; destination?: DestinationStream }): Log {
  const secrets = [...new Set(options.secrets.flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1)]))]
    .filter((secret) => secret.length >= 8)
    .toSorted((a, b) => b.length - a.length)
  const out = options.destination ?? pino.destination({ dest: 1, sync: true })
  const destination: DestinationStream = {
    write(line) {
      let scrubbed = line
      for (const secret of secrets) scrubbed = scrubbed.replaceAll(secret, '[redacted]')
      out.write(scrubbed)
    },
  }
  return pino(
    {
      name: options.name,
      level: options.level,
      timestamp: pino.stdTimeFunctions.isoTime,
      base: { name: options.name },
      // An Error has no enumerable members: without this its message and its stack are lost.
      serializers: { error: pino.stdSerializers.err },
      redact: { paths: ['*.password', '*.new_password', '*.current_password', '*.secret', 'req.headers'], censor: '[redacted]' },
    },
    destination,
  )
}
