/**
 * The name of the script that started this page. Its hash covers the name of every part that the page may load later, so it stands for the
 * whole build. It is recorded with a signature, never believed.
 */
export function readConsoleBuild(): string {
  const source = document.querySelector<HTMLScriptElement>('script[type="module"][src]')?.src ?? ''
  return (source.split('/').at(-1) ?? '').replaceAll(/[^\x21-\x7e]/g, '').slice(0, 200) || 'unknown'
}
