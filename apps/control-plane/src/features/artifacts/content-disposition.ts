/** RFC 6266 with the extended form of RFC 8187; the plain form keeps only characters that every client reads alike. */
export function contentDisposition(kind: 'inline' | 'attachment', path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1).toWellFormed()
  const plain = name.replace(/[^A-Za-z0-9 !#$&+.^_~()=@-]/g, '_')
  const extended = encodeURIComponent(name).replace(/['()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
  return `${kind}; filename="${plain}"; filename*=UTF-8''${extended}`
}
