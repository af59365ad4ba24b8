/** `npm run format`: writes every file in the one style there is. */
import { spawnSync } from 'node:child_process'

process.exitCode = spawnSync('oxfmt', ['.'], { stdio: 'inherit' }).status ?? 1
