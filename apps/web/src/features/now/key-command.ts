/** The command that makes the first executor key of this console, to be pasted into a POSIX shell. */
export function toKeyCommand(origin: string, name: string): string {
  return `CONSOLE_ORIGIN=${origin} AUTOPACK_ADMIN_NAME=${toShellWord(name)} npm run keys -- create my-executor --shared`
}

function toShellWord(text: string): string {
  return /^[A-Za-z0-9_.@-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`
}
